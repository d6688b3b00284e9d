/** What the database allows, told beforehand so that nobody is offered what would be refused. It has the last word. */
import type { Escalation, Role } from '../../supabase/functions/_shared/protocol.ts'
import { mayRunTeam } from '../teams/rights.ts'

export const mayClaim = (role: Role) => role !== 'member'

/** Release, reassign, return, resolve. */
export const mayHandle = ({ state, claimed_by }: Escalation, role: Role, selfId: string) =>
  state === 'claimed' && (claimed_by === selfId || mayRunTeam(role))

export function mayCancel(escalation: Escalation, role: Role, selfId: string): boolean {
  const { state, for_user, raised_by, claimed_by } = escalation
  const isTheirs = for_user === selfId || raised_by === selfId
  if (state === 'open') return isTheirs || mayClaim(role)
  return state === 'claimed' && (isTheirs || claimed_by === selfId || mayRunTeam(role))
}
