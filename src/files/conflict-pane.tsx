import { ToggleGroup } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { ProjectFile } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useContent } from './contents.ts'
import type { Draft } from './drafts.ts'
import { Code, CodeSkeleton } from './editor/index.tsx'
import { mergeTexts } from './merge-texts.ts'
import type { Editing } from './use-editing.ts'
import { whoDid } from './who.ts'

type ConflictPaneProps = {
  projectId: string
  path: string
  file: ProjectFile | undefined
  draft: Draft
  editing: Editing
  onDone(): void
}

/** Two people, or a person and an agent, changed one file. All three texts are there, and nothing happens by itself. */
export function ConflictPane({ projectId, path, file, draft, editing, onDone }: ConflictPaneProps) {
  const base = useContent(projectId, draft.baseHash)
  const theirs = useContent(projectId, file?.hash ?? null)
  if (!file) return <DeletedMeanwhile path={path} draft={draft} editing={editing} onDone={onDone} />
  const error = base.error ?? theirs.error
  if (error) {
    const again = () => void Promise.all([base.refetch(), theirs.refetch()])
    return (
      <div className="p-3">
        <Callout tone="bad" action={<Button onClick={again}>Try again</Button>}>
          {sentenceOf(error)}
        </Callout>
      </div>
    )
  }
  if (base.data === undefined || theirs.data === undefined) return <CodeSkeleton />
  return (
    <Choice
      key={file.version}
      path={path}
      file={file}
      base={base.data}
      theirs={theirs.data}
      draft={draft}
      editing={editing}
      onDone={onDone}
    />
  )
}

type ChoiceProps = {
  path: string
  file: ProjectFile
  base: string
  theirs: string
  draft: Draft
  editing: Editing
  onDone(): void
}

type Side = 'merged' | 'mine' | 'theirs'

function Choice({ path, file, base, theirs, draft, editing, onDone }: ChoiceProps) {
  const [side, setSide] = useState<Side>('merged')
  const mine = draft.content
  const proposed = useMemo(() => mergeTexts(base, mine, theirs), [base, mine, theirs])
  const merged = draft.merged?.version === file.version ? draft.merged.content : proposed.text
  const who = whoDid(file)

  const send = async (text: string) => {
    if (await editing.send(text, file.version)) onDone()
  }
  const takeTheirs = () => {
    editing.letGo()
    onDone()
  }

  return (
    <section aria-label="Two versions of this file" className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-2 border-b border-line bg-sunken px-3 py-2">
        <p>
          <b className="font-semibold">{who} changed this file while you were editing it.</b>{' '}
          {proposed.conflicts === 0
            ? 'The changes are in different places, so both fit together.'
            : `${proposed.conflicts === 1 ? 'One passage was' : `${proposed.conflicts} passages were`} changed by both: the merged text has yours there.`}
        </p>
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Sides side={side} onChange={setSide} />
          <span className="flex flex-wrap gap-2">
            <Button onClick={takeTheirs}>Take theirs</Button>
            <Button onClick={() => send(mine)}>Keep mine</Button>
            <Button look="primary" pending={editing.isSaving} onClick={() => send(merged)}>
              Save merged
            </Button>
          </span>
        </div>
      </div>
      {side === 'merged' ? (
        <Code
          key="merged"
          path={path}
          label={`${path}, merged, compared with theirs`}
          text={merged}
          original={theirs}
          withChoices
          onChange={(content) => editing.keep({ ...draft, merged: { version: file.version, content } })}
          onSave={() => void send(merged)}
          className="min-h-0 flex-1"
        />
      ) : (
        <Code
          key={side}
          path={path}
          label={`${path}, ${side}, compared with what both began with`}
          text={side === 'mine' ? mine : theirs}
          original={base}
          readOnly
          className="min-h-0 flex-1"
        />
      )}
    </section>
  )
}

const NAMES: Record<Side, string> = { merged: 'Merged', mine: 'Mine', theirs: 'Theirs' }

function Sides({ side, onChange }: { side: Side; onChange(side: Side): void }) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label="Which text to show"
      value={side}
      onValueChange={(value) => value && onChange(value as Side)}
      className="inline-flex overflow-hidden rounded-md border border-line bg-surface"
    >
      {(Object.keys(NAMES) as Side[]).map((name) => (
        <ToggleGroup.Item
          key={name}
          value={name}
          className="h-7 px-2.5 text-muted -outline-offset-2 hover:bg-hover data-[state=on]:bg-hover data-[state=on]:font-medium data-[state=on]:text-text"
        >
          {NAMES[name]}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

type DeletedProps = { path: string; draft: Draft; editing: Editing; onDone(): void }

function DeletedMeanwhile({ path, draft, editing, onDone }: DeletedProps) {
  const makeAgain = async () => {
    if (await editing.send(draft.content, 0)) onDone()
  }
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line bg-sunken px-3 py-2">
        <p>This file was deleted while you were editing it. Your text is below.</p>
        <span className="flex gap-2">
          <Button onClick={editing.letGo}>Let it go</Button>
          <Button look="primary" pending={editing.isSaving} onClick={makeAgain}>
            Make the file again
          </Button>
        </span>
      </div>
      <Code path={path} label={`${path}, mine`} text={draft.content} readOnly className="min-h-0 flex-1" />
    </>
  )
}
