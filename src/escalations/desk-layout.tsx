import { Outlet } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import { FailedPage } from '../shell/failed-page.tsx'
import { PageBody } from '../shell/page-body.tsx'
import { PageSkeleton } from '../shell/page-skeleton.tsx'
import { useCurrentTeam } from '../teams/current-team.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { useDeskIfLoaded, useFollowDesk } from './desk.ts'

/** Everything under `/escalations`: the desk of the team that is open. */
export function DeskLayout() {
  const team = useCurrentTeam()
  const status = useFollowDesk(team?.team_id)
  const isLoaded = useDeskIfLoaded(team?.team_id) !== undefined
  if (!team) return <NoTeam />
  if (isLoaded) return <Outlet key={team.team_id} />
  if (status.state === 'failed' || status.state === 'denied')
    return <FailedPage what="The desk could not be loaded." error={status.error} />
  return <PageSkeleton />
}

function NoTeam() {
  return (
    <PageBody title="Escalations" place="Baton">
      <EmptyState icon={<UsersRound className="size-8" aria-hidden />} title="You are in no team yet">
        Escalations belong to a team. Create one, or ask for an invitation.
      </EmptyState>
    </PageBody>
  )
}
