import type { BatonEvent, Membership, UserSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { applyNotificationChange } from '../notifications/notification-changes.ts'

export type Departure = { teamId: string; teamName: string; by: string | null }

/** The person who is signed in, and the teams that they left or lost since the page was opened. */
export type UserState = UserSnapshot & { departures: Departure[] }

export function applyUserEvent(user: UserState, event: BatonEvent): UserState {
  switch (event.kind) {
    case 'profile.changed':
      return { ...user, profile: event.payload }
    case 'membership.added':
      return joined(user, event.payload)
    case 'membership.role_changed':
    case 'membership.renamed':
      return { ...user, memberships: patch(user.memberships, event.payload) }
    case 'membership.removed':
      return departed({ ...user, ...applyNotificationChange(user, event) }, event.payload)
    case 'notification.added':
    case 'notification.read':
      return { ...user, ...applyNotificationChange(user, event) }
    default:
      return user
  }
}

function joined(user: UserState, membership: Membership): UserState {
  const others = user.memberships.filter(({ team_id }) => team_id !== membership.team_id)
  const departures = user.departures.filter(({ teamId }) => teamId !== membership.team_id)
  return { ...user, memberships: [...others, membership], departures }
}

function patch(memberships: Membership[], values: Partial<Membership> & { team_id: string }): Membership[] {
  return memberships.map((one) => (one.team_id === values.team_id ? { ...one, ...values } : one))
}

function departed(
  user: UserState,
  { team_id, team_name, by }: { team_id: string; team_name: string; by: string | null },
): UserState {
  return {
    ...user,
    memberships: user.memberships.filter((one) => one.team_id !== team_id),
    departures: [...user.departures, { teamId: team_id, teamName: team_name, by }],
  }
}
