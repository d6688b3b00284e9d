import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProjectFile, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useContent } from './contents.ts'
import { Code, CodeSkeleton } from './editor/index.tsx'
import { fail, useFileActions } from './file-actions.ts'
import { sizeOf } from './file-kind.ts'
import { historyQuery, type Operation } from './history.ts'
import { usePlace } from './place.ts'
import { whoDid } from './who.ts'

type HistoryPaneProps = {
  project: ProjectSnapshot
  path: string
  file: ProjectFile | undefined
  onRestored(): void
}

/** Every version that a file ever had, and what each changed. */
export function HistoryPane({ project, path, file, onRestored }: HistoryPaneProps) {
  const projectId = project.project.id
  const { data, error, refetch } = useQuery(historyQuery(projectId, path, file?.version ?? 0))
  const [chosen, setChosen] = useState<number | null>(null)
  if (error && !data) {
    return (
      <div className="p-3">
        <Callout tone="bad" action={<Button onClick={() => refetch()}>Try again</Button>}>
          {sentenceOf(error)}
        </Callout>
      </div>
    )
  }
  if (!data) return <HistorySkeleton />
  const index = Math.max(
    data.findIndex(({ version }) => version === chosen),
    0,
  )
  const operation = data[index]
  return (
    <section aria-label={`History of ${path}`} className="flex min-h-0 flex-1 flex-col">
      <ol className="max-h-2/5 shrink-0 overflow-auto border-b border-line py-1">
        {data.map((one) => (
          <li key={one.version}>
            <Version
              operation={one}
              projectId={projectId}
              isChosen={one === operation}
              onChoose={() => setChosen(one.version)}
            />
          </li>
        ))}
      </ol>
      {operation ? (
        <OneVersion
          key={operation.version}
          project={project}
          path={path}
          file={file}
          operation={operation}
          before={data[index + 1]}
          onRestored={onRestored}
        />
      ) : (
        <p className="p-4 text-muted">Nothing is known about this file.</p>
      )}
    </section>
  )
}

const VERBS: Record<Operation['op'], string> = { write: 'wrote', delete: 'deleted', move: 'renamed' }

type VersionProps = { operation: Operation; projectId: string; isChosen: boolean; onChoose(): void }

function Version({ operation, projectId, isChosen, onChoose }: VersionProps) {
  const [, go] = usePlace(projectId)
  const { op, from_path, size, at, run_id, checkpoint_id } = operation
  const verb = checkpoint_id ? 'restored' : VERBS[op]
  return (
    <div className="flex items-center pr-2 has-aria-[current]:bg-hover">
      <button
        type="button"
        onClick={onChoose}
        aria-current={isChosen || undefined}
        className="flex min-h-7 min-w-0 flex-1 items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-hover"
      >
        <span className="min-w-0 flex-1 truncate">
          <span className="font-medium">{whoDid(operation)}</span> {verb} it
          {from_path && <span className="text-muted"> from {from_path}</span>}
        </span>
        <span className="tabular text-xs text-muted">{size !== null && op !== 'delete' && sizeOf(size)}</span>
        <span className="shrink-0 text-xs text-muted">
          <TimeAgo at={at} />
        </span>
      </button>
      {run_id && (
        <Button look="quiet" className="h-6 px-2 text-xs" onClick={() => go({ tab: 'runs', runId: run_id })}>
          Run
        </Button>
      )}
    </div>
  )
}

type OneVersionProps = HistoryPaneProps & { operation: Operation; before: Operation | undefined }

function OneVersion({ project, path, file, operation, before, onRestored }: OneVersionProps) {
  const projectId = project.project.id
  const { save } = useFileActions(projectId)
  const [isPending, setIsPending] = useState(false)
  const hash = operation.op === 'delete' ? null : operation.hash
  const content = useContent(projectId, hash)
  const earlier = useContent(projectId, before && before.op !== 'delete' ? before.hash : null)
  const isPresent = file?.hash === operation.hash
  const mayRestore = hash !== null && !isPresent && project.project.archived_at === null

  const restore = async () => {
    setIsPending(true)
    try {
      await save(path, content.data ?? '', file?.version ?? 0)
      onRestored()
    } catch (cause) {
      fail(`${path} was not restored.`, cause)
    } finally {
      setIsPending(false)
    }
  }

  const error = content.error ?? earlier.error
  if (error)
    return (
      <div className="p-3">
        <Callout tone="bad">{sentenceOf(error)}</Callout>
      </div>
    )
  if (content.data === undefined || earlier.data === undefined) return <CodeSkeleton />
  return (
    <>
      <div className="flex min-h-9 items-center justify-between gap-2 border-b border-line px-3">
        <p className="text-muted">
          {operation.op === 'delete'
            ? 'It was deleted here.'
            : isPresent
              ? 'As it is now.'
              : 'What it changed.'}
        </p>
        {mayRestore && (
          <Button className="h-7" pending={isPending} onClick={restore}>
            Restore this version
          </Button>
        )}
      </div>
      <Code
        path={path}
        label={`${path}, version ${operation.version}`}
        text={content.data}
        original={earlier.data}
        readOnly
        className="min-h-0 flex-1"
      />
    </>
  )
}

function HistorySkeleton() {
  return (
    <div className="flex flex-col gap-3 p-3">
      <Skeleton className="w-2/3" />
      <Skeleton className="w-1/2" />
      <Skeleton className="w-3/5" />
    </div>
  )
}
