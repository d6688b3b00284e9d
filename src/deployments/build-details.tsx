import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, RotateCcw } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { Build, BuildSnapshot, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { goInWorkbench } from '../files/place.ts'
import { ErrorList } from '../preview/error-list.tsx'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { seenName } from '../teams/seen-names.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { durationText } from '../ui/duration.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { sizeText } from '../ui/size.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { buildFeed } from './build-feed.ts'
import { BuildLog } from './build-log.tsx'
import { BuildStateBadge } from './build-state.tsx'
import { reasonOf, TRIGGERS } from './format.ts'
import { usePublishRight } from './rights.ts'
import { RollbackButton } from './rollback-button.tsx'

type BuildDetailsProps = { project: ProjectSnapshot; buildId: string; onBack(): void }

export function BuildDetails({ project, buildId, onBack }: BuildDetailsProps) {
  const known = project.builds.find(({ id }) => id === buildId)
  const first = useQuery({
    queryKey: ['build-once', buildId],
    queryFn: ({ signal }) => rpc('build_snapshot', { build_id: buildId }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
    retry: 1,
  })
  const build = known ?? first.data?.build
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <header className="flex min-h-9 items-center gap-2 border-b border-line px-1">
        <IconButton label="All builds" onClick={onBack} className="size-7">
          <ArrowLeft className="size-4" aria-hidden />
        </IconButton>
        <h2 className="min-w-0 flex-1 truncate font-medium">
          {build
            ? `${build.kind === 'production' ? 'Production' : 'Preview'} of version ${build.version}`
            : 'Build'}
        </h2>
        {build && <BuildActions project={project} build={build} />}
      </header>
      {first.error && !build && (
        <Callout
          tone="bad"
          className="m-3"
          action={<Button onClick={() => void first.refetch()}>Try again</Button>}
        >
          {sentenceOf(toBatonError(first.error))}
        </Callout>
      )}
      {build && <LoadedBuild project={project} build={build} once={first.data} />}
      {!build && !first.error && <Skeleton className="m-3 h-24" />}
    </div>
  )
}

function BuildActions({ project, build }: { project: ProjectSnapshot; build: Build }) {
  const [isPending, setIsPending] = useState(false)
  const { may } = usePublishRight(project)
  const isProduction = build.kind === 'production'
  if (build.state === 'succeeded')
    return isProduction ? <RollbackButton build={build} project={project} /> : null
  if (isProduction && !may) return null
  const again = async () => {
    setIsPending(true)
    await attempt('It is not built again.', async () => {
      const { id } = await rpc('retry_build', { build_id: build.id })
      goInWorkbench(project.project.id, { tab: 'deployments', buildId: id })
    })
    setIsPending(false)
  }
  if (build.state === 'failed' || build.state === 'cancelled') {
    return (
      <Button className="h-7" pending={isPending} onClick={again}>
        <RotateCcw className="size-4" aria-hidden />
        Build again
      </Button>
    )
  }
  return (
    <Button
      className="h-7"
      onClick={() => void attempt('The build goes on.', () => rpc('cancel_build', { build_id: build.id }))}
    >
      Cancel
    </Button>
  )
}

type LoadedProps = { project: ProjectSnapshot; build: Build; once: BuildSnapshot | undefined }

function LoadedBuild({ project, build, once }: LoadedProps) {
  const spec = buildFeed(build)
  useFeed(spec)
  const snapshot = useQuery(snapshotQuery(spec)).data ?? once
  const projectId = project.project.id
  const typeErrors = snapshot?.type_errors
  return (
    <div className="flex flex-col gap-4 p-3">
      <Facts project={project} build={build} snapshot={snapshot} />
      {build.error_count > 0 && (
        <Part title="Errors">
          <ErrorList
            projectId={projectId}
            errors={snapshot?.errors ?? build.errors}
            label="Errors of the build"
          />
        </Part>
      )}
      {typeErrors && typeErrors.length > 0 && (
        <Part title="Errors of types">
          <ErrorList projectId={projectId} errors={typeErrors} label="Errors of types" />
        </Part>
      )}
      <Part title="Log">
        {snapshot ? <BuildLog lines={snapshot.log} /> : <Skeleton className="h-16 w-full" />}
      </Part>
    </div>
  )
}

function Facts({
  project,
  build,
  snapshot,
}: Omit<LoadedProps, 'once'> & { snapshot: BuildSnapshot | undefined }) {
  const { deployment } = snapshot ?? {}
  const who = build.requested_by ? (seenName(build.requested_by) ?? 'Someone who left') : null
  const { run_id } = build
  const facts: [string, ReactNode][] = [
    ['State', <BuildStateBadge key="state" build={build} />],
    ['Why', TRIGGERS[build.trigger]],
    ['Asked for', <TimeAgo key="at" at={build.created_at} />],
  ]
  if (who) facts.push(['By', who])
  if (run_id)
    facts.push([
      'Run',
      <button
        key="run"
        type="button"
        onClick={() => goInWorkbench(project.project.id, { tab: 'runs', runId: run_id })}
        className="underline decoration-line-strong underline-offset-3 hover:decoration-text"
      >
        Show the run
      </button>,
    ])
  if (build.duration_ms !== null) facts.push(['Took', durationText(build.duration_ms)])
  if (build.attempts > 1) facts.push(['Attempts', String(build.attempts)])
  if (deployment) facts.push(['Files', `${deployment.file_count}, ${sizeText(deployment.size)}`])
  if (deployment?.compressed_size != null) facts.push(['Sent as', sizeText(deployment.compressed_size)])
  if (build.state !== 'succeeded' && build.reason) facts.push(['Reason', reasonOf(build)])
  if (build.type_error_count !== null)
    facts.push(['Types', build.type_error_count === 0 ? 'fit' : `${build.type_error_count} errors`])
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="tabular min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h3 id={id} className="font-medium">
        {title}
      </h3>
      {children}
    </section>
  )
}
