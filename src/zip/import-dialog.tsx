import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { type BatonError, sentenceOf, Unreachable } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { showToast } from '../ui/toasts.ts'
import { type FormState, typed, useForm } from '../use-form.ts'
import { ChooseZip, type Chosen, LeftOutList } from './choose-zip.tsx'
import { importAsProject, importInto, type Sending } from './import-zip.ts'
import { PlanOf, usePlan } from './plan-of.tsx'
import { SendingProgress, type SendingZip, useSending } from './sending-progress.tsx'

/** A zip into a project that is there, after a look at what it would change. */
export function ImportIntoProjectDialog({ project, onClose }: { project: ProjectSnapshot; onClose(): void }) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [replace, setReplace] = useState(false)
  const zip = useSending(chosen)
  const form = useForm(async () => {
    if (!chosen || !zip.sending) return
    await importInto(project.project.id, zip.sending, replace, zip.way())
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
        <ChooseZip chosen={chosen} disabled={form.pending} onChosen={setChosen} />
        {chosen && plan && <PlanOf plan={plan} replace={replace} />}
        {chosen && plan && plan.kept > 0 && (
          <label className="flex items-start gap-2.5">
            <input
              type="checkbox"
              checked={replace}
              disabled={form.pending}
              onChange={({ target }) => setReplace(target.checked)}
              className="mt-0.5 size-4"
            />
            <span>
              Delete what the zip does not have ({plan.kept} {plan.kept === 1 ? 'file' : 'files'})
            </span>
          </label>
        )}
        {chosen && <LeftOutList contents={chosen} />}
        <SendingPart form={form} zip={zip} label="Import" onClose={onClose} />
      </form>
    </Dialog>
  )
}

/** A zip as a project of its own. */
export function ImportAsProjectDialog({ teamId, onClose }: { teamId: string; onClose(): void }) {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const zip = useSending(chosen)
  const form = useForm(async (values) => {
    if (!zip.sending) return
    const { id } = await importAsProject(teamId, typed(values, 'name'), zip.sending, zip.way())
    const chat = await rpc('create_chat', { project_id: id })
    onClose()
    await navigate({ to: '/p/$projectId/c/$chatId', params: { projectId: id, chatId: chat.id } })
  })
  return (
    <Dialog title="New project from a zip" onClose={onClose} className="max-w-xl!">
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <ChooseZip chosen={chosen} disabled={form.pending} onChosen={setChosen} />
        {chosen && (
          <>
            <p role="status" className="text-muted">
              {chosen.files.length.toLocaleString('en')} {chosen.files.length === 1 ? 'file' : 'files'} will
              be in the project.
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
        <SendingPart form={form} zip={zip} label="Create the project" onClose={onClose} />
      </form>
    </Dialog>
  )
}

type SendingProps = { form: FormState; zip: SendingZip; label: string; onClose(): void }

/** How far it is, what went wrong, and how to go on. */
function SendingPart({ form, zip: { sending }, label, onClose }: SendingProps) {
  const hasBegun = sending !== null && sending.arrived > 0
  return (
    <>
      {sending && (form.pending || hasBegun) && <SendingProgress sending={sending} />}
      {form.error && (
        <Callout tone="bad">
          {sentenceOf(form.error)} {hasBegun && whatBecame(sending, form.error)}
        </Callout>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" pending={form.pending} disabled={!sending}>
          {form.error && hasBegun ? 'Go on' : label}
        </Button>
      </DialogActions>
    </>
  )
}

/** The answer to the last request may have been lost when all was done. */
function whatBecame({ arrived, parts }: Sending, error: BatonError): string {
  if (arrived === parts.length && error instanceof Unreachable)
    return 'It may be in its place already: go on to find out.'
  return 'Nothing was changed, and what was sent is kept for an hour.'
}
