import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { useUser } from '../session/user.ts'
import { useTeamIfLoaded } from '../teams/team.ts'
import { mayPublish, whomToAsk } from './whom-to-ask.ts'

export type PublishRight = { may: boolean; whyNot: string | null }

/** Whether the reader may change what the world sees, and whom to ask if not. */
export function usePublishRight({ project }: ProjectSnapshot): PublishRight {
  const role = useUser().memberships.find(({ team_id }) => team_id === project.team_id)?.role
  const members = useTeamIfLoaded(project.team_id)?.members ?? []
  if (project.archived_at !== null)
    return { may: false, whyNot: 'The project is in the archive. Take it out first.' }
  if (role && mayPublish(role)) return { may: true, whyNot: null }
  return { may: false, whyNot: `Seniors, admins and owners do this. ${whomToAsk(members)}` }
}
