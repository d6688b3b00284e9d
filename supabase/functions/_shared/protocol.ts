/**
 * What the database tells the browser, in one place. Every change appends an event to `events(topic, seq, …)`;
 * a screen is a fold over the events of its topic on top of a snapshot. Imports nothing, so that everybody may import it.
 */
export const PROTOCOL_VERSION = 1

export const ROLES = ['member', 'senior', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

export type Topic = `team:${string}` | `user:${string}` | `project:${string}`

export type Team = { id: string; name: string; created_at: string }
export type Member = {
  user_id: string
  display_name: string
  email: string
  role: Role
  joined_at: string
}
export type Invitation = {
  id: string
  email: string
  role: Role
  invited_by: string
  created_at: string
  expires_at: string
}
export type Profile = { user_id: string; display_name: string; email: string; theme: Theme }
export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
export type Membership = { team_id: string; team_name: string; role: Role; joined_at: string }

type Payloads = {
  'team.renamed': { name: string }
  'member.joined': Member
  'member.role_changed': { user_id: string; role: Role }
  /** The display name or the address changed; both are given. */
  'member.renamed': { user_id: string; display_name: string; email: string }
  'member.removed': { user_id: string; by: string | null }
  'invitation.created': Invitation
  'invitation.closed': { id: string; outcome: 'accepted' | 'revoked' | 'expired' }

  'profile.changed': Profile
  'membership.added': Membership
  'membership.role_changed': { team_id: string; role: Role }
  'membership.renamed': { team_id: string; team_name: string }
  /** `by` is null when the person left on their own. */
  'membership.removed': { team_id: string; team_name: string; by: string | null }
}

export type EventKind = keyof Payloads
export type BatonEvent = {
  [Kind in EventKind]: { topic: Topic; seq: number; kind: Kind; payload: Payloads[Kind]; at: string }
}[EventKind]

/** What travels over realtime. A payload that is too large to send is left out; the reader then fetches the row. */
export const HINT_EVENT = 'event'
export type Hint = { topic: Topic; seq: number; kind: string; at: string; payload?: unknown }

/** RPC `team_snapshot(team_id)`. */
export type TeamSnapshot = {
  seq: number
  team: Team
  /** By `joined_at`. */
  members: Member[]
  /** The open ones, by `created_at`. Everyone in the team sees them, as everyone reads the same log. */
  invitations: Invitation[]
}
/** RPC `user_snapshot()`. */
export type UserSnapshot = { seq: number; profile: Profile; memberships: Membership[] }

/** RPC `read_events(topic, after_seq, max_events)`: oldest first. `reset` means: too old, take a new snapshot. */
export type EventPage = { head: number; reset: boolean; events: BatonEvent[] }

/** RPC `invite_member(team_id, email, role)`. Only this answer and the mail ever hold the token. */
export type NewInvitation = {
  invitation: Invitation
  token: string
  /** False when the server does not know the address of the app (setting `app_url`), so could not write a link. */
  mailed: boolean
}

/** RPC `peek_invitation(token)`: what a signed-in person who holds a link sees before accepting. */
export type InvitationPreview = {
  team_id: string
  team_name: string
  email: string
  role: Role
  invited_by: string
  expires_at: string
  state: 'open' | 'accepted' | 'revoked' | 'expired'
  /** Whether it is bound to the address of the person who asks. */
  is_yours: boolean
}

/** What the RPCs that change teams and people answer; the change itself arrives as events. */
export type RpcResults = {
  create_team: Team
  rename_team: null
  invite_member: NewInvitation
  revoke_invitation: null
  peek_invitation: InvitationPreview
  accept_invitation: Membership
  set_member_role: null
  remove_member: null
  leave_team: null
  update_profile: Profile
  team_snapshot: TeamSnapshot
  user_snapshot: UserSnapshot
  read_events: EventPage
}

/** RPC `claim_mail(worker, lease_seconds)`, for the service role: the next mail to send, or null. */
export type ClaimedMail = {
  id: string
  to_address: string
  subject: string
  text_body: string
  html_body: string
  attempts: number
  /** Fences `finish_mail(mail_id, token)` and `fail_mail(mail_id, token, error)`: both answer false when it is stale. */
  token: number
}

/** `GET /functions/v1/about`. */
export type About = {
  version: string
  protocolVersion: number
  /** `none`: this server has no model yet, so that agents cannot work. */
  model: { kind: 'rehearsal' | 'anthropic' | 'compatible' | 'none'; label: string }
}
