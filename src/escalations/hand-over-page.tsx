import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { LifeBuoy } from 'lucide-react'
import { sentenceOf, toBatonError } from '../errors.ts'
import { PageBody } from '../shell/page-body.tsx'
import { PageSkeleton } from '../shell/page-skeleton.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { AssessmentView } from './assessment-view.tsx'
import { FailingThing } from './failing-thing.tsx'
import { HandOverHead } from './hand-over-head.tsx'
import { History } from './history.tsx'
import { teamOfEscalationQuery, useEscalationIfLoaded, useFollowEscalation, useLookAt } from './one.ts'
import type { EscalationState } from './one-changes.ts'
import { StuckFacts } from './stuck-facts.tsx'
import { StuckFiles } from './stuck-files.tsx'
import { Timeline } from './timeline.tsx'

/** `/escalations/<id>`: what a senior must know, on one page, and one way to begin. */
export function HandOverPage() {
  const { escalationId } = useParams({ from: '/app/workspace/escalations/$escalationId' })
  const team = useQuery(teamOfEscalationQuery(escalationId))
  if (team.error) return <NotThere error={team.error} onRetry={team.refetch} />
  if (!team.data) return <PageSkeleton />
  return <Followed key={escalationId} teamId={team.data} id={escalationId} />
}

function Followed({ teamId, id }: { teamId: string; id: string }) {
  const status = useFollowEscalation(teamId, id)
  const state = useEscalationIfLoaded(teamId, id)
  if (state) return <HandOver state={state} />
  if (status.state === 'failed' || status.state === 'denied')
    return <NotThere error={status.error} onRetry={() => location.reload()} />
  return <PageSkeleton />
}

function HandOver({ state }: { state: EscalationState }) {
  const { escalation, snapshot, assessment, history, lookers } = state
  useLookAt(escalation.id, escalation.news_at)
  return (
    <PageBody wide title="Hand-over" place="Escalations">
      <div className="flex flex-col gap-8">
        <HandOverHead escalation={escalation} problem={snapshot.problem} lookers={lookers} />
        <div className="grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="flex min-w-0 flex-col gap-8 max-lg:contents">
            <FailingThing snapshot={snapshot} previewHost={state.preview_host} />
            <Timeline snapshot={snapshot} />
            <StuckFiles snapshot={snapshot} projectId={escalation.project_id} />
          </div>
          <div className="flex min-w-0 flex-col gap-8 max-lg:contents">
            <AssessmentView assessment={assessment} />
            <StuckFacts snapshot={snapshot} escalation={escalation} />
            <History history={history} />
          </div>
        </div>
      </div>
    </PageBody>
  )
}

function NotThere({ error, onRetry }: { error: unknown; onRetry(): unknown }) {
  const failure = error ? toBatonError(error) : null
  const isGone = failure === null || failure.code === 'BT003'
  return (
    <PageBody title="Hand-over" place="Escalations">
      <EmptyState
        icon={<LifeBuoy className="size-8" aria-hidden />}
        title={isGone ? 'There is no such escalation' : 'The escalation could not be loaded'}
        action={
          <>
            {!isGone && <Button onClick={() => onRetry()}>Try again</Button>}
            <Link to="/escalations" className={buttonClass('primary')}>
              Go to the desk
            </Link>
          </>
        }
      >
        {isGone
          ? 'The link may be mistyped, or it belongs to a team that you are not in.'
          : sentenceOf(failure)}
      </EmptyState>
    </PageBody>
  )
}
