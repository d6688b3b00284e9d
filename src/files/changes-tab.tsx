import { ArrowLeft, FileDiff } from 'lucide-react'
import { useState } from 'react'
import type { Checkpoint, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { seenName } from '../teams/seen-names.ts'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Select } from '../ui/text-input.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { Differences } from './differences.tsx'
import { RestoreButton } from './restore-button.tsx'

/** What is there now, when that is later than the last checkpoint. */
const NOW = 'now'

/** Each turn of an agent that wrote files ends in a checkpoint. What one changed, or what lies between any two. */
export function ChangesTab({ project }: { project: ProjectSnapshot }) {
  const { checkpoints } = project
  const hasMore = project.version > (checkpoints[0]?.version ?? 0)
  const first = hasMore ? NOW : (checkpoints[0]?.id ?? NOW)
  const [chosen, setChosen] = useState<string | null>(null)
  const [against, setAgainst] = useState<string | null>(null)
  const shown = chosen === NOW || checkpoints.some(({ id }) => id === chosen) ? (chosen as string) : first
  if (project.version === 0) {
    return (
      <EmptyState icon={<FileDiff className="size-8" aria-hidden />} title="Nothing has changed yet">
        After each turn of the agent that writes files there is a checkpoint here, to compare and to go back
        to.
      </EmptyState>
    )
  }
  const checkpoint = checkpoints.find(({ id }) => id === shown)
  const choose = (id: string | null) => {
    setChosen(id)
    setAgainst(null)
  }
  return (
    <div className="flex min-h-0 flex-1">
      <aside
        aria-label="Checkpoints"
        className={classes(
          'min-h-0 w-60 shrink-0 overflow-auto border-r border-line py-1 @max-xl:w-full @max-xl:border-r-0',
          chosen !== null && '@max-xl:hidden',
        )}
      >
        <ol>
          {hasMore && (
            <CheckpointRow
              title="Since the last checkpoint"
              note="Not in a checkpoint yet"
              isChosen={shown === NOW}
              onChoose={() => choose(NOW)}
            />
          )}
          {checkpoints.map((one) => (
            <CheckpointRow
              key={one.id}
              title={titleOf(one)}
              note={noteOf(one)}
              at={one.created_at}
              isChosen={shown === one.id}
              onChoose={() => choose(one.id)}
            />
          ))}
        </ol>
      </aside>
      <section
        aria-label="What changed"
        className={classes('flex min-h-0 min-w-0 flex-1 flex-col', chosen === null && '@max-xl:hidden')}
      >
        <header className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
          <IconButton label="All checkpoints" onClick={() => choose(null)} className="size-7 @xl:hidden">
            <ArrowLeft className="size-4" aria-hidden />
          </IconButton>
          <h2 className="min-w-0 flex-1 basis-40 truncate font-medium">
            {checkpoint ? titleOf(checkpoint) : 'Since the last checkpoint'}
          </h2>
          <CompareWith checkpoints={checkpoints} shown={shown} against={against} onChange={setAgainst} />
          {checkpoint && <RestoreButton project={project} checkpoint={checkpoint} />}
        </header>
        <Differences
          key={`${shown} ${against}`}
          project={project}
          checkpoint={checkpoint ?? null}
          against={checkpoints.find(({ id }) => id === against) ?? null}
        />
      </section>
    </div>
  )
}

const titleOf = ({ label, restored_from }: Checkpoint) =>
  restored_from ? `Restored: ${label}` : label || 'Checkpoint'
const noteOf = ({ created_by }: Checkpoint) =>
  created_by ? (seenName(created_by) ?? 'Someone who left') : 'The agent'

type RowProps = { title: string; note: string; at?: string; isChosen: boolean; onChoose(): void }

function CheckpointRow({ title, note, at, isChosen, onChoose }: RowProps) {
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        aria-current={isChosen || undefined}
        className="flex w-full flex-col px-3 py-1.5 text-left -outline-offset-2 hover:bg-hover aria-[current]:bg-hover @max-xl:aria-[current]:bg-transparent"
      >
        <span className="w-full truncate font-medium" title={title}>
          {title}
        </span>
        <span className="text-xs text-muted">
          {note}
          {at && (
            <>
              {' · '}
              <TimeAgo at={at} />
            </>
          )}
        </span>
      </button>
    </li>
  )
}

type CompareProps = {
  checkpoints: readonly Checkpoint[]
  shown: string
  against: string | null
  onChange(id: string | null): void
}

function CompareWith({ checkpoints, shown, against, onChange }: CompareProps) {
  return (
    <span className="flex min-w-0 items-center gap-2 text-muted">
      <span aria-hidden className="text-xs whitespace-nowrap">
        Compared with
      </span>
      <Select
        aria-label="Compared with"
        value={against ?? ''}
        onChange={(event) => onChange(event.target.value || null)}
        className="min-w-0 [&_select]:h-7 [&_select]:w-40 [&_select]:truncate [&_select]:py-0 [&_select]:text-xs [&_select]:normal-case"
      >
        <option value="">the one before</option>
        {checkpoints
          .filter(({ id }) => id !== shown)
          .map((one) => (
            <option key={one.id} value={one.id}>
              {one.version}: {titleOf(one)}
            </option>
          ))}
      </Select>
    </span>
  )
}
