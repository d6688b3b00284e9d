import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ProjectSnapshot, Run, Stage } from '../../supabase/functions/_shared/protocol.ts'
import { useNow } from '../chat/use-now.ts'
import { sentenceOf } from '../errors.ts'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { isLiving } from '../projects/project-changes.ts'
import { seenName } from '../teams/seen-names.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { FileTrail } from './file-trail.tsx'
import { costOf, tokensOf, tookText } from './format.ts'
import { Raw } from './raw.tsx'
import type { RunState } from './run-changes.ts'
import { runFeed } from './run-feeds.ts'
import { RunStateBadge } from './run-state.tsx'
import { TurnDetails } from './turn-details.tsx'

type RunDetailsProps = { project: ProjectSnapshot; runId: string; onBack(): void }

/** Everything that is known about a run, live while it goes on. */
export function RunDetails({ project, runId, onBack }: RunDetailsProps) {
  const spec = runFeed(project.project.id, runId)
  const status = useFeed(spec)
  const state = useQuery(snapshotQuery(spec)).data
  return (
    <section aria-label="Run" className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-10 shrink-0 items-center gap-2 border-b border-line pr-3 pl-1">
        <IconButton label="All runs" onClick={onBack}>
          <ArrowLeft className="size-4" aria-hidden />
        </IconButton>
        <h2 className="min-w-0 flex-1 truncate font-semibold">{state?.run.title || 'Run'}</h2>
        {state && <RunStateBadge state={state.run.state} />}
      </header>
      {state ? (
        <LoadedRun project={project} state={state} />
      ) : status.state === 'loading' || status.state === 'catching-up' || status.state === 'live' ? (
        <div className="flex flex-col gap-3 p-4">
          <Skeleton className="w-1/2" />
          <Skeleton className="w-2/3" />
          <Skeleton className="h-20 w-full" />
        </div>
      ) : (
        <div className="p-3">
          <Callout tone="bad" action={<Button onClick={onBack}>All runs</Button>}>
            {status.error ? sentenceOf(status.error) : 'This run comes as soon as the connection is back.'}
          </Callout>
        </div>
      )}
    </section>
  )
}

function LoadedRun({ project, state }: { project: ProjectSnapshot; state: RunState }) {
  const { run, turns, tool_calls } = state
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4">
      <Facts run={run} models={[...new Set(turns.map(({ model }) => model))]} />
      {run.error && <Raw title="What went wrong" value={run.error} isBad />}
      {run.fault && <Raw title="A fault of the model, which is tried again" value={run.fault} />}
      <Part title="Stages">
        <ol className="divide-y divide-line rounded-md border border-line">
          {run.stages.map((stage) => (
            <StageRow key={stage.id} stage={stage} />
          ))}
        </ol>
      </Part>
      <Part title="Turns">
        {turns.length === 0 ? (
          <p className="text-muted">The model was not called yet.</p>
        ) : (
          <ol className="divide-y divide-line rounded-md border border-line">
            {turns.map((turn) => (
              <TurnDetails
                key={turn.id}
                turn={turn}
                calls={tool_calls.filter(({ turn_id }) => turn_id === turn.id)}
              />
            ))}
          </ol>
        )}
      </Part>
      <Part title="Files">
        <FileTrail projectId={project.project.id} runId={run.id} treeVersion={project.version} />
      </Part>
    </div>
  )
}

function Facts({ run, models }: { run: Run; models: string[] }) {
  const now = useNow(isLiving(run) ? 1_000 : null)
  return (
    <dl className="tabular grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
      <Fact name="Begun">
        <TimeAgo at={run.created_at} />
        {run.created_by && ` by ${seenName(run.created_by) ?? 'someone who left'}`}
      </Fact>
      <Fact name="Took">{tookText(run, now) ?? 'Not started'}</Fact>
      <Fact name="Model">{models.length > 0 ? models.join(', ') : 'Not called yet'}</Fact>
      <Fact name="Tokens">
        {tokensOf(run.input_tokens)} in, {tokensOf(run.output_tokens)} out
      </Fact>
      <Fact name="Cost">{costOf(run.cost_usd, run.cost_is_partial)}</Fact>
      {run.reason && <Fact name="Ended">{run.reason}</Fact>}
      {run.attempts > 1 && <Fact name="Attempts">{run.attempts}</Fact>}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  )
}

function StageRow({ stage }: { stage: Stage }) {
  const now = useNow(stage.ended_at === null && stage.started_at !== null ? 1_000 : null)
  return (
    <li className="flex flex-col gap-2 px-3 py-2">
      <div className="tabular flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{stage.name}</span>
        {stage.role !== stage.name && <span className="text-muted">{stage.role}</span>}
        <span className="flex-1" />
        <span className="text-xs text-muted">{tookText(stage, now)}</span>
        <span className="text-xs text-muted">
          {tokensOf(stage.input_tokens)} in, {tokensOf(stage.output_tokens)} out
        </span>
        <span className="text-xs text-muted">{costOf(stage.cost_usd, stage.cost_is_partial)}</span>
        <RunStateBadge state={stage.state} />
      </div>
      {stage.error && <Raw title="Error" value={stage.error} isBad />}
    </li>
  )
}
