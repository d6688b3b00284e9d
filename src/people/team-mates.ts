import type { Member } from '../../supabase/functions/_shared/protocol.ts'
import { useProjectIfLoaded } from '../projects/project.ts'
import { useUserId } from '../session/user.ts'
import { useTeamIfLoaded } from '../teams/team.ts'

/** Who else is in the team of a project; none until the team is loaded. */
export function useTeamMates(projectId: string): Member[] {
  const self = useUserId()
  const teamId = useProjectIfLoaded(projectId)?.project.team_id
  const members = useTeamIfLoaded(teamId ?? '')?.members ?? []
  return members.filter(({ user_id }) => user_id !== self)
}
