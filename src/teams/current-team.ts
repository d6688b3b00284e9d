import { useParams } from '@tanstack/react-router'
import type { Membership } from '../../supabase/functions/_shared/protocol.ts'
import { useProjectIfLoaded } from '../projects/project.ts'
import { useMemberships } from '../session/user.ts'
import { teamToOpen } from './last-team.ts'

/** The team of the address, or of its project; on a page of no team, or of someone else's, the one that was open last. */
export function useCurrentTeam(): Membership | undefined {
  const { teamId, projectId } = useParams({ strict: false })
  const project = useProjectIfLoaded(projectId)
  const memberships = useMemberships()
  const find = (id: string | undefined) => memberships.find(({ team_id }) => team_id === id)
  return (
    find(teamId ?? project?.project.team_id) ?? find(teamToOpen(memberships.map(({ team_id }) => team_id)))
  )
}
