import type { Member, ProjectSnapshot, Role } from '../../supabase/functions/_shared/protocol.ts'
import { useUser } from '../session/user.ts'
import { useTeamIfLoaded } from '../teams/team.ts'

/** What the database allows, told beforehand. It has the last word. */
export const mayPublish = (role: Role) => role !== 'member'

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

const MOST_NAMED = 3

export function whomToAsk(members: readonly Pick<Member, 'display_name' | 'role'>[]): string {
  const able = members.filter(({ role }) => mayPublish(role)).map(({ display_name }) => display_name)
  if (able.length === 0) return 'Ask an admin of the team.'
  const named = able.slice(0, MOST_NAMED)
  const rest = able.length - named.length
  const last = named.pop()
  const before = rest > 0 ? [...named, last].join(', ') : named.join(', ')
  if (rest > 0) return `Ask ${before} or ${rest} more.`
  return before ? `Ask ${before} or ${last}.` : `Ask ${last}.`
}
