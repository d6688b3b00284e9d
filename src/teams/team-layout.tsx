import { Link, Outlet } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import { useEffect } from 'react'
import { useFeed } from '../feed/index.ts'
import { useUser, useUserId } from '../session/user.ts'
import { FailedPage } from '../shell/failed-page.tsx'
import { PageBody } from '../shell/page-body.tsx'
import { PageSkeleton } from '../shell/page-skeleton.tsx'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { rememberTeam } from './last-team.ts'
import { rememberNames } from './seen-names.ts'
import { useTeamId, useTeamIfLoaded } from './team.ts'
import { teamFeed } from './team-feed.ts'

/** Everything under `/t/<team>`: keeps the team live while one of its pages is open. */
export function TeamLayout() {
  const teamId = useTeamId()
  const status = useFeed(teamFeed(teamId, useUserId()))
  const team = useTeamIfLoaded(teamId)
  const isMine = useUser().memberships.some(({ team_id }) => team_id === teamId)
  useEffect(() => {
    if (isMine) rememberTeam(teamId)
  }, [teamId, isMine])

  useEffect(() => {
    if (team) rememberNames(team.members)
  }, [team])

  if (status.state === 'denied') return <NotYourTeam />
  if (team) return <Outlet key={teamId} />
  if (status.state === 'failed')
    return <FailedPage what="The team could not be loaded." error={status.error} />
  return <PageSkeleton />
}

function NotYourTeam() {
  return (
    <PageBody title="No access" place="Team">
      <EmptyState
        icon={<UsersRound className="size-8" aria-hidden />}
        title="This team is not open to you"
        action={
          <Link to="/" className={buttonClass('primary')}>
            Go to your own team
          </Link>
        }
      >
        Either it does not exist, or you are not in it. Its admins and owners can invite you.
      </EmptyState>
    </PageBody>
  )
}
