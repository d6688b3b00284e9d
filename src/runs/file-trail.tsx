import { useQuery } from '@tanstack/react-query'
import { sentenceOf } from '../errors.ts'
import { sizeOf } from '../files/file-kind.ts'
import { trailOfRunQuery } from '../files/history.ts'
import { goInWorkbench } from '../files/place.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

/** The audit trail of a run: each change of a file, in order. `treeVersion` counts up with every one. */
export function FileTrail({
  projectId,
  runId,
  treeVersion,
}: {
  projectId: string
  runId: string
  treeVersion: number
}) {
  const { data, error, refetch } = useQuery(trailOfRunQuery(runId, treeVersion))
  if (error && !data) {
    return (
      <Callout tone="bad" action={<Button onClick={() => refetch()}>Try again</Button>}>
        {sentenceOf(error)}
      </Callout>
    )
  }
  if (!data) return <Skeleton className="w-1/2" />
  if (data.length === 0) return <p className="text-muted">It changed no files.</p>
  return (
    <ol className="divide-y divide-line rounded-md border border-line">
      {data.map(({ version, op, path, from_path, size, hash, at }) => (
        <li key={version} className="tabular flex min-h-8 items-center gap-3 px-3 text-xs">
          <span className="w-10 text-muted">{op}</span>
          <button
            type="button"
            onClick={() => goInWorkbench(projectId, { tab: 'code', path })}
            className="min-w-0 flex-1 truncate text-left font-mono underline decoration-line-strong underline-offset-3 hover:decoration-text"
          >
            {from_path && `${from_path} → `}
            {path}
          </button>
          {hash && (
            <code title={hash} className="font-mono text-muted @max-xl:hidden">
              {hash.slice(0, 8)}
            </code>
          )}
          {size !== null && <span className="text-muted">{sizeOf(size)}</span>}
          <span className="shrink-0 text-muted">
            <TimeAgo at={at} />
          </span>
        </li>
      ))}
    </ol>
  )
}
