import { Navigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useMemberships, useUser } from '../session/user.ts'
import { PageBody } from '../shell/page-body.tsx'
import { focusFirst } from '../ui/focus-first.ts'
import { CreateTeamForm } from './create-team-form.tsx'
import { teamToOpen } from './last-team.ts'

/** `/`: on to the team that was open last, or to the first team of one's own. */
export function HomePage() {
  const teamId = teamToOpen(useMemberships().map(({ team_id }) => team_id))
  if (teamId) return <Navigate to="/t/$teamId" params={{ teamId }} replace />
  return <FirstTeam />
}

function FirstTeam() {
  const { profile } = useUser()
  const page = useRef<HTMLDivElement>(null)
  useEffect(() => focusFirst(page.current), [])
  return (
    <PageBody title="Your first team" place="Welcome">
      <div ref={page} className="flex max-w-md flex-col gap-6">
        <p className="text-base text-muted">
          Baton is where a team and its AI agents build web apps together, live. Everything in it belongs to a
          team, and so do you: create one, or open the link of an invitation.
        </p>
        <section className="rounded-lg border border-line p-5">
          <CreateTeamForm />
        </section>
        <p className="text-muted wrap-anywhere">
          Were you invited? Invitations to <strong className="text-text">{profile.email}</strong> come by
          mail; the link in it brings you into the team.
        </p>
      </div>
    </PageBody>
  )
}
