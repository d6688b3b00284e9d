import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FileArchive } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { treeOf } from '../files/tree-diff.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { classes } from '../ui/classes.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { showToast } from '../ui/toasts.ts'
import { typed, useForm } from '../use-form.ts'
import { type ImportPlan, planImport } from './import-plan.ts'
import { importFiles } from './import-zip.ts'
import { readZip, type ZipContents } from './read-zip.ts'

type Chosen = ZipContents & { name: string }

/** A zip into a project that is there, after a look at what it would change. */
export function ImportIntoProjectDialog({ project, onClose }: { project: ProjectSnapshot; onClose(): void }) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [replace, setReplace] = useState(false)
  const form = useForm(async () => {
    if (!chosen) return
    await importFiles(project.project.id, chosen.files, replace)
    onClose()
    showToast({
      tone: 'plain',
      title: `${chosen.name} was imported.`,
      body: 'What was there before is kept in a checkpoint, under Changes.',
    })
  })
  const plan = usePlan(project, chosen)
  return (
    <Dialog title="Import a zip" onClose={onClose} className="max-w-xl!">
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <ChooseZip chosen={chosen} onChosen={setChosen} />
        {chosen && plan && <PlanOf plan={plan} replace={replace} />}
        {chosen && plan && plan.kept > 0 && (
          <label className="flex items-start gap-2.5">
            <input
              type="checkbox"
              checked={replace}
              onChange={({ target }) => setReplace(target.checked)}
              className="mt-0.5 size-4"
            />
            <span>
              Delete what the zip does not have ({plan.kept} {plan.kept === 1 ? 'file' : 'files'})
            </span>
          </label>
        )}
        {chosen && <LeftOutList contents={chosen} />}
        {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" pending={form.pending} disabled={!chosen}>
            Import
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** A zip as a project of its own. */
export function ImportAsProjectDialog({ teamId, onClose }: { teamId: string; onClose(): void }) {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const form = useForm(async (values) => {
    if (!chosen) return
    const { id } = await rpc('create_project', { team_id: teamId, name: typed(values, 'name') })
    await importFiles(id, chosen.files, true)
    const chat = await rpc('create_chat', { project_id: id })
    onClose()
    await navigate({ to: '/p/$projectId/c/$chatId', params: { projectId: id, chatId: chat.id } })
  })
  return (
    <Dialog title="New project from a zip" onClose={onClose} className="max-w-xl!">
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <ChooseZip chosen={chosen} onChosen={setChosen} />
        {chosen && (
          <>
            <p role="status" className="text-muted">
              {chosen.files.length} {chosen.files.length === 1 ? 'file' : 'files'} will be in the project.
              {!chosen.files.some(({ path }) => path === 'index.html') &&
                ' There is no index.html among them, so there will be no preview until one is made.'}
            </p>
            <LeftOutList contents={chosen} />
            <Field label="Name of the project">
              {(control) => (
                <TextInput
                  {...control}
                  key={chosen.name}
                  name="name"
                  required
                  maxLength={80}
                  defaultValue={chosen.name.replace(/\.zip$/i, '').slice(0, 80)}
                  autoComplete="off"
                />
              )}
            </Field>
          </>
        )}
        {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" pending={form.pending} disabled={!chosen}>
            Create the project
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function usePlan(project: ProjectSnapshot, chosen: Chosen | null): ImportPlan | undefined {
  return useQuery({
    queryKey: ['import-plan', project.project.id, project.version, chosen?.name, chosen?.files],
    queryFn: () => planImport(treeOf(project.files), chosen?.files ?? []),
    enabled: chosen !== null,
    gcTime: 0,
    networkMode: 'always',
  }).data
}

function ChooseZip({ chosen, onChosen }: { chosen: Chosen | null; onChosen(chosen: Chosen | null): void }) {
  const input = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [isOver, setIsOver] = useState(false)
  const read = async (file: File | undefined) => {
    if (!file) return
    setFault(null)
    try {
      onChosen({ name: file.name, ...readZip(new Uint8Array(await file.arrayBuffer())) })
    } catch (cause) {
      onChosen(null)
      setFault(sentenceOf(toBatonError(cause)))
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    void read(event.dataTransfer.files[0])
  }
  return (
    <>
      <fieldset
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={classes(
          'flex flex-wrap items-center justify-center gap-3 rounded-md border border-dashed px-3 py-5 text-muted',
          isOver ? 'border-focus' : 'border-line-strong',
        )}
      >
        <legend className="sr-only">Zip</legend>
        <FileArchive className="size-5" aria-hidden />
        <span className="min-w-0 wrap-anywhere">{chosen ? chosen.name : 'Drop a zip here, or'}</span>
        <Button onClick={() => input.current?.click()} data-autofocus>
          {chosen ? 'Choose another' : 'Choose a file'}
        </Button>
        <input
          ref={input}
          type="file"
          accept=".zip,application/zip"
          aria-label="Zip file"
          hidden
          onChange={({ target }) => {
            void read(target.files?.[0])
            target.value = ''
          }}
        />
      </fieldset>
      {fault && <Callout tone="bad">{fault}</Callout>}
    </>
  )
}

function PlanOf({ plan: { added, changed, same }, replace }: { plan: ImportPlan; replace: boolean }) {
  const rows = [
    ...added.map((path) => ({ path, letter: 'A', title: 'New' })),
    ...changed.map((path) => ({ path, letter: 'M', title: 'Replaced' })),
  ]
  return (
    <section aria-label="What will change" className="flex flex-col gap-1.5">
      <p role="status">
        {rows.length === 0 && !replace
          ? 'Nothing will change: all of it is there already.'
          : `${added.length} new, ${changed.length} replaced, ${same.length} as they are.`}
      </p>
      {rows.length > 0 && (
        <ul
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled with the keyboard
          tabIndex={0}
          className="max-h-44 overflow-auto rounded-md border border-line py-1 font-mono text-xs"
        >
          {rows.map(({ path, letter, title }) => (
            <li key={path} className="flex gap-2 px-2.5 py-0.5">
              <abbr title={title} className="w-3 shrink-0 font-semibold no-underline">
                {letter}
              </abbr>
              <span className="min-w-0 truncate" title={path}>
                {path}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function LeftOutList({ contents: { leftOut } }: { contents: ZipContents }) {
  if (leftOut.length === 0) return null
  return (
    <details>
      <summary className="cursor-pointer text-need-text">
        {leftOut.length} {leftOut.length === 1 ? 'file is' : 'files are'} left out
      </summary>
      <ul className="mt-1.5 flex max-h-40 flex-col gap-1 overflow-auto text-xs text-muted">
        {leftOut.map(({ path, why }) => (
          <li key={path} className="wrap-anywhere">
            <span className="font-mono text-text">{path}</span>: {why}
          </li>
        ))}
      </ul>
    </details>
  )
}
