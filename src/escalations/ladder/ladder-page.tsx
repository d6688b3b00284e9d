import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useFeed } from '../../feed/index.ts'
import { useUserId } from '../../session/user.ts'
import { PageBody } from '../../shell/page-body.tsx'
import { useCurrentTeam } from '../../teams/current-team.ts'
import { mayRunTeam } from '../../teams/rights.ts'
import { teamFeed } from '../../teams/team-feed.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { useDeskIfLoaded } from '../desk.ts'
import { LadderForm } from './ladder-form.tsx'

/** `/escalations/ladder`: who hears of an escalation that nobody takes, and when. */
export function LadderPage() {
  const team = useCurrentTeam()
  const loaded = useDeskIfLoaded(team?.team_id)
  const userId = useUserId()
  useFeed(team ? teamFeed(team.team_id, userId) : null)
  if (!team || !loaded) return null
  const mayChange = mayRunTeam(team.role)
  const { ladder } = loaded.desk
  return (
    <PageBody
      wide
      title="Ladder"
      place="Escalations"
      aside={
        <Link to="/escalations" className={buttonClass()}>
          <ArrowLeft className="size-4" aria-hidden />
          Desk
        </Link>
      }
    >
      <div className="flex flex-col gap-6">
        <p className="max-w-2xl text-muted">
          Who is told of an escalation that nobody has claimed, after how long, and how. The clock begins when
          it is raised, and anew when it is released or its claim lapses.
        </p>
        {!mayChange && <Callout>You can read it. Admins and owners of the team change it.</Callout>}
        <LadderForm
          key={JSON.stringify(ladder)}
          teamId={team.team_id}
          ladder={ladder}
          readOnly={!mayChange}
        />
      </div>
    </PageBody>
  )
}
