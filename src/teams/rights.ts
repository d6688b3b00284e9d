/** What the database allows, told beforehand so that nobody is offered what would be refused. It has the last word. */
import { type Member, ROLES, type Role } from '../../supabase/functions/_shared/protocol.ts'

export const mayRunTeam = (role: Role) => role === 'admin' || role === 'owner'

/** Only owners give and take ownership. */
export function rolesToGive(mine: Role): Role[] {
  if (!mayRunTeam(mine)) return []
  return ROLES.filter((role) => mine === 'owner' || role !== 'owner')
}

/** Why a member's role cannot be changed or their membership ended by me; null when it can. */
export function whyNotChange(member: Member, mine: Role, members: readonly Member[]): string | null {
  if (!mayRunTeam(mine)) return 'Admins and owners change roles.'
  if (member.role !== 'owner') return null
  if (mine !== 'owner') return 'Only an owner gives or takes ownership.'
  return isLastOwner(member, members) ? 'A team needs at least one owner.' : null
}

export function whyNotLeave(self: Member, members: readonly Member[]): string | null {
  return isLastOwner(self, members) ? 'You are the last owner. Make someone else an owner first.' : null
}

function isLastOwner(member: Member, members: readonly Member[]): boolean {
  return member.role === 'owner' && members.filter(({ role }) => role === 'owner').length === 1
}

export const ROLE_MEANINGS: Record<Role, string> = {
  member: 'Builds, and escalates when stuck.',
  senior: 'Also takes over escalations.',
  admin: 'Also invites and removes people.',
  owner: 'Also decides who owns the team.',
}
