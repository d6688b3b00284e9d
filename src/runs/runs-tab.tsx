import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ListTree } from 'lucide-react'
import type { ProjectSnapshot, Run } from '../../supabase/functions/_shared/protocol.ts'
import { useNow } from '../chat/use-now.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { usePlace } from '../files/place.ts'
import { isLiving } from '../projects/project-changes.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { costOf, tokensOf, tookText } from './format.ts'
import { RunDetails } from './run-details.tsx'
import { fetchRuns, runListFeed } from './run-feeds.ts'
import { RunStateBadge } from './run-state.tsx'

/** All runs of a project, those that are at work now and those that were. */
export function RunsTab({ project }: { project: ProjectSnapshot }) {
  const projectId = project.project.id
  const [place, go] = usePlace(projectId)
  const spec = runListFeed(projectId)
  const status = useFeed(spec)
  const list = useQuery(snapshotQuery(spec)).data
  if (place.runId !== null) {
    return (
      <RunDetails
        key={place.runId}
        project={project}
        runId={place.runId}
        onBack={() => go({ runId: null })}
      />
    )
  }
  if (!list && (status.state === 'failed' || status.state === 'offline')) {
    return (
      <div className="p-3">
        <Callout tone="bad">
          The runs could not be loaded.{' '}
          {status.error ? sentenceOf(status.error) : 'They come with the connection.'}
        </Callout>
      </div>
    )
  }
  if (!list) return <RunsSkeleton />
  if (list.runs.length === 0) {
    return (
      <EmptyState icon={<ListTree className="size-8" aria-hidden />} title="No runs yet">
        Each message that the agent works on is a run. What it did, what it cost and what went wrong is here.
      </EmptyState>
    )
  }
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <ol className="divide-y divide-line">
        {list.runs.map((run) => (
          <RunRow key={run.id} run={run} onOpen={() => go({ runId: run.id })} />
        ))}
        {list.more && <OlderRuns projectId={projectId} list={list.runs} onOpen={(runId) => go({ runId })} />}
      </ol>
    </div>
  )
}

type OlderProps = { projectId: string; list: Run[]; onOpen(runId: string): void }

function OlderRuns({ projectId, list, onOpen }: OlderProps) {
  const before = list.at(-1)?.created_at ?? ''
  const query = useInfiniteQuery({
    queryKey: ['older-runs', projectId, before],
    queryFn: ({ pageParam, signal }) => fetchRuns(projectId, pageParam, signal),
    initialPageParam: before,
    getNextPageParam: ({ runs, more }) => (more ? (runs.at(-1)?.created_at ?? null) : null),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const older = query.data?.pages.flatMap(({ runs }) => runs) ?? []
  const hasMore = query.data === undefined || query.hasNextPage
  return (
    <>
      {older.map((run) => (
        <RunRow key={run.id} run={run} onOpen={() => onOpen(run.id)} />
      ))}
      {hasMore && (
        <li className="p-3 text-center">
          {query.error && <p className="pb-2 text-bad-text">{sentenceOf(toBatonError(query.error))}</p>}
          <Button
            pending={query.isFetching}
            onClick={() => void (query.data === undefined ? query.refetch() : query.fetchNextPage())}
          >
            Show older runs
          </Button>
        </li>
      )}
    </>
  )
}

function RunRow({ run, onOpen }: { run: Run; onOpen(): void }) {
  const now = useNow(isLiving(run) ? 1_000 : null)
  const model = run.stages.find((stage) => stage.model)?.model
  return (
    <li className="[content-visibility:auto] [contain-intrinsic-size:auto_56px]">
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full flex-col gap-1 px-3 py-2 text-left -outline-offset-2 hover:bg-hover"
      >
        <span className="flex w-full items-center gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">{run.title || 'Run'}</span>
          <RunStateBadge state={run.state} />
        </span>
        <span className="tabular flex flex-wrap gap-x-3 text-xs text-muted">
          <TimeAgo at={run.created_at} />
          <span>{tookText(run, now) ?? 'not started'}</span>
          <span>{tokensOf(run.input_tokens + run.output_tokens)} tokens</span>
          <span>{costOf(run.cost_usd, run.cost_is_partial)}</span>
          {model && <span>{model}</span>}
        </span>
      </button>
    </li>
  )
}

function RunsSkeleton() {
  return (
    <div className="flex flex-col gap-4 p-3">
      {[0, 1, 2].map((row) => (
        <span key={row} className="flex flex-col gap-2">
          <Skeleton className="w-1/2" />
          <Skeleton className="h-3 w-2/3" />
        </span>
      ))}
    </div>
  )
}
