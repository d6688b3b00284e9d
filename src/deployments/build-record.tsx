import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Layers } from 'lucide-react'
import { useState } from 'react'
import type { Build, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { seenName } from '../teams/seen-names.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { durationText } from '../ui/duration.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { sizeText } from '../ui/size.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { Select } from '../ui/text-input.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { type BuildFilter, buildListFeed, fetchBuilds } from './build-list.ts'
import { BuildStateBadge } from './build-state.tsx'
import { reasonOf, TRIGGERS } from './format.ts'
import { RollbackButton } from './rollback-button.tsx'

const FILTER_LABELS: Record<BuildFilter, string> = {
  all: 'All builds',
  preview: 'Previews',
  production: 'Published',
  failed: 'Failed',
}

type RecordProps = { project: ProjectSnapshot; onOpen(buildId: string): void }

/** Everything that was ever built, newest first, while it happens too. */
export function BuildRecord({ project, onOpen }: RecordProps) {
  const [filter, setFilter] = useState<BuildFilter>('all')
  const projectId = project.project.id
  const spec = buildListFeed(projectId, filter)
  const status = useFeed(spec)
  const list = useQuery(snapshotQuery(spec)).data
  const hasFailed = !list && (status.state === 'failed' || status.state === 'offline')
  return (
    <section aria-label="Record of builds" className="flex flex-col">
      <div className="flex items-center justify-end px-3 py-1.5">
        <Select
          aria-label="Which builds"
          value={filter}
          onChange={({ target }) => setFilter(target.value as BuildFilter)}
          className="[&_select]:h-7 [&_select]:py-0 [&_select]:text-xs [&_select]:normal-case"
        >
          {Object.entries(FILTER_LABELS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      {hasFailed && (
        <Callout tone="bad" className="mx-3 mb-3">
          The record could not be loaded.{' '}
          {status.error ? sentenceOf(status.error) : 'It comes with the connection.'}
        </Callout>
      )}
      {!list && !hasFailed && <RecordSkeleton />}
      {list?.builds.length === 0 && (
        <EmptyState icon={<Layers className="size-8" aria-hidden />} title="Nothing here">
          {filter === 'all'
            ? 'Every change of the files is built. What was built, when, why and how long it took is here.'
            : 'No build is of this kind.'}
        </EmptyState>
      )}
      {list && list.builds.length > 0 && (
        <ol className="divide-y divide-line border-t border-line">
          {list.builds.map((build) => (
            <BuildRow key={build.id} build={build} project={project} onOpen={onOpen} />
          ))}
          {list.more && (
            <OlderBuilds
              project={project}
              filter={filter}
              before={list.builds.at(-1)?.created_at ?? ''}
              onOpen={onOpen}
            />
          )}
        </ol>
      )}
    </section>
  )
}

type RowProps = { build: Build; project: ProjectSnapshot; onOpen(buildId: string): void }

function BuildRow({ build, project, onOpen }: RowProps) {
  const isShown = project.hosts.some(
    ({ kind, deployment_id }) =>
      kind === build.kind && deployment_id !== null && deployment_id === build.deployment_id,
  )
  const who = build.requested_by ? (seenName(build.requested_by) ?? 'Someone who left') : null
  return (
    <li className="flex items-center gap-2 pr-3 [contain-intrinsic-size:auto_56px] [content-visibility:auto]">
      <button
        type="button"
        onClick={() => onOpen(build.id)}
        className="flex min-w-0 flex-1 flex-col gap-1 px-3 py-2 text-left -outline-offset-2 hover:bg-hover"
      >
        <span className="flex w-full flex-wrap items-center gap-2">
          <span className="font-medium">
            {build.kind === 'production' ? 'Production' : 'Preview'} of version {build.version}
          </span>
          <BuildStateBadge build={build} />
          {isShown && <Badge tone="live">{build.kind === 'production' ? 'Published' : 'Shown'}</Badge>}
        </span>
        <span className="tabular flex flex-wrap gap-x-3 text-xs text-muted">
          <TimeAgo at={build.created_at} />
          <span>
            {TRIGGERS[build.trigger]}
            {who && build.trigger !== 'run' && ` by ${who}`}
          </span>
          {build.duration_ms !== null && <span>{durationText(build.duration_ms)}</span>}
          {build.size !== null && <span>{sizeText(build.size)}</span>}
          {build.state !== 'succeeded' && reasonOf(build) && <span>{reasonOf(build)}</span>}
        </span>
      </button>
      {build.kind === 'production' && build.state === 'succeeded' && !isShown && (
        <RollbackButton build={build} project={project} />
      )}
    </li>
  )
}

type OlderProps = {
  project: ProjectSnapshot
  filter: BuildFilter
  before: string
  onOpen(buildId: string): void
}

function OlderBuilds({ project, filter, before, onOpen }: OlderProps) {
  const projectId = project.project.id
  const query = useInfiniteQuery({
    queryKey: ['older-builds', projectId, filter, before],
    queryFn: ({ pageParam, signal }) => fetchBuilds(projectId, filter, pageParam, signal),
    initialPageParam: before,
    getNextPageParam: ({ builds, more }) => (more ? (builds.at(-1)?.created_at ?? null) : null),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const older = query.data?.pages.flatMap(({ builds }) => builds) ?? []
  const hasMore = query.data === undefined || query.hasNextPage
  return (
    <>
      {older.map((build) => (
        <BuildRow key={build.id} build={build} project={project} onOpen={onOpen} />
      ))}
      {hasMore && (
        <li className="p-3 text-center">
          {query.error && <p className="pb-2 text-bad-text">{sentenceOf(toBatonError(query.error))}</p>}
          <Button
            pending={query.isFetching}
            onClick={() => void (query.data === undefined ? query.refetch() : query.fetchNextPage())}
          >
            Show older builds
          </Button>
        </li>
      )}
    </>
  )
}

function RecordSkeleton() {
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
