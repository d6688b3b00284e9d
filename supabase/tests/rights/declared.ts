/**
 * Who may do what, in one place to read. The tests compare it with what the database really does: for every table and
 * every function of the schema `public` (one that is missing here fails), and for every kind of channel topic.
 *
 * A row is read in the order of ACTORS. All but the stranger, who runs another team, are in the same team: "ours".
 */
import type { Arguments } from '../people.ts'
import { unknownId, type World } from './world.ts'

export const ACTORS = ['anonymous', 'stranger', 'member', 'senior', 'admin', 'owner', 'service'] as const
export type ActorName = (typeof ACTORS)[number]
export type Row = Record<ActorName, string>

const row = (...outcomes: [string, string, string, string, string, string, string]): Row =>
  Object.fromEntries(ACTORS.map((actor, index) => [actor, outcomes[index]])) as Row
const same = (outcome: string) => row(outcome, outcome, outcome, outcome, outcome, outcome, outcome)

// ── Tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────
// `denied` is a refusal of the statement; otherwise the outcome says whose rows it reaches: all of those, and no others.
// `own` is told by the person's id, `ours` and `theirs` by the team's, `mates` are other people of our team.

export type TableRights = {
  /** Tells whose a row is: the id of a team or of a person is somewhere in it. */
  whose: string
  /** Columns that no browser may read. */
  hidden?: string[]
} & Record<Operation, Row>
export const OPERATIONS = ['select', 'insert', 'update', 'delete'] as const
export type Operation = (typeof OPERATIONS)[number]

const denied = same('denied')
const readOnly = { insert: denied, update: denied, delete: denied }

// biome-ignore format: columns are easier to read below each other
export const TABLES: Record<string, TableRights> = {
  //                                             anonymous  stranger  member       senior       admin        owner        service
  teams:       { whose: 'id',      select: row('denied', 'theirs', 'ours',      'ours',      'ours',      'ours',      'ours theirs'),      ...readOnly },
  memberships: { whose: 'team_id', select: row('denied', 'theirs', 'ours',      'ours',      'ours',      'ours',      'ours theirs'),      ...readOnly },
  profiles:    { whose: 'user_id', select: row('denied', 'own',    'mates own', 'mates own', 'mates own', 'mates own', 'mates theirs'),     ...readOnly },
  invitations: { whose: 'team_id', select: row('denied', 'theirs', 'ours',      'ours',      'ours',      'ours',      'ours theirs'),      ...readOnly,
                 hidden: ['token_hash', 'mail_id'] },
  events:      { whose: 'topic',   select: row('denied', 'own theirs', 'ours own', 'ours own', 'ours own', 'ours own', 'mates ours theirs'), ...readOnly },
  topics:      { whose: 'topic',   select: row('denied', 'denied', 'denied',    'denied',    'denied',    'denied',    'mates ours theirs'), ...readOnly },
  mails:       { whose: 'id',      select: row('denied', 'denied', 'denied',    'denied',    'denied',    'denied',    'unknown'),          ...readOnly },
}

// ── Functions ───────────────────────────────────────────────────────────────────────────────────────────────────────
// `denied`: not for this role at all; `ok`: it did what it says; `BT…`: it refused. Each call is taken back. What stands
// behind a colon tells calls of one function apart.

export type FunctionRights = { args: (world: World) => Arguments; outcome: Row }

const everyone = (outcome: string) => row('denied', outcome, outcome, outcome, outcome, outcome, 'denied')
const machines = row('denied', 'denied', 'denied', 'denied', 'denied', 'denied', 'ok')

// biome-ignore format: columns are easier to read below each other
export const FUNCTIONS: Record<string, FunctionRights> = {
  //                                                                                   anonymous  stranger  member   senior   admin    owner    service
  create_team:       { args: () => ({ name: 'New' }),                                  outcome: everyone('ok') },
  rename_team:       { args: (w) => ({ team_id: w.ours, name: 'New' }),                outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  invite_member:     { args: (w) => ({ team_id: w.ours, email: 'a@b.test', role: 'admin' }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  revoke_invitation: { args: (w) => ({ invitation_id: w.invitation }),                 outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  set_member_role:   { args: (w) => ({ team_id: w.ours, user_id: w.guest.sub, role: 'senior' }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  remove_member:     { args: (w) => ({ team_id: w.ours, user_id: w.guest.sub }),       outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  'invite_member: an owner':    { args: (w) => ({ team_id: w.ours, email: 'a@b.test', role: 'owner' }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'BT002', 'ok', 'denied') },
  'set_member_role: to owner':  { args: (w) => ({ team_id: w.ours, user_id: w.guest.sub, role: 'owner' }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'BT002', 'ok', 'denied') },
  'set_member_role: last owner': { args: (w) => ({ team_id: w.ours, user_id: w.ids.owner!, role: 'admin' }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'BT002', 'BT005', 'denied') },
  'remove_member: last owner':  { args: (w) => ({ team_id: w.ours, user_id: w.ids.owner! }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'BT002', 'BT005', 'denied') },
  leave_team:        { args: (w) => ({ team_id: w.ours }),                             outcome: row('denied', 'BT003', 'ok', 'ok', 'ok', 'BT005', 'denied') },
  peek_invitation:   { args: (w) => ({ token: w.token }),                              outcome: everyone('ok') },
  accept_invitation: { args: (w) => ({ token: w.token }),                              outcome: everyone('BT008') },
  update_profile:    { args: () => ({ display_name: 'New', theme: 'dark' }),           outcome: everyone('ok') },
  team_snapshot:     { args: (w) => ({ team_id: w.ours }),                             outcome: row('denied', 'BT003', 'ok', 'ok', 'ok', 'ok', 'denied') },
  user_snapshot:     { args: () => ({}),                                               outcome: everyone('ok') },
  read_events:       { args: (w) => ({ topic: `team:${w.ours}`, after_seq: 0 }),       outcome: row('denied', 'BT003', 'ok', 'ok', 'ok', 'ok', 'denied') },

  append_event:      { args: (w) => ({ topic: `team:${w.ours}`, kind: 'a.b', payload: {} }), outcome: machines },
  claim_mail:        { args: () => ({ worker: 'test' }),                               outcome: machines },
  finish_mail:       { args: () => ({ mail_id: unknownId, token: 1 }),                 outcome: machines },
  fail_mail:         { args: () => ({ mail_id: unknownId, token: 1, error: 'no' }),    outcome: machines },
  set_setting:       { args: () => ({ key: 'app_url', value: 'http://app.test' }),     outcome: machines },
  wake:              { args: () => ({ function_name: 'mail' }),                        outcome: machines },
  tick:              { args: () => ({}),                                               outcome: machines },
}

/** Of the private schema, what policies ask on behalf of browsers; nobody can call it by name. */
export const ASKED_BY_POLICIES = ['can_read_topic', 'my_teams', 'my_topics', 'people_i_know']

// ── Channels ────────────────────────────────────────────────────────────────────────────────────────────────────────
// `listen` receives broadcasts and sees who is present, `present` may also be seen, `broadcast` may send.

const listener = 'listen present'
const nobody = same('')

// biome-ignore format: columns are easier to read below each other
export const CHANNELS: Record<string, { topic: (world: World, self: string | null) => string; outcome: Row }> = {
  //                                                                                  anonymous stranger  member    senior    admin     owner    service
  'team of ours':          { topic: (w) => `team:${w.ours}`,                 outcome: row('', '',       listener, listener, listener, listener, 'listen present broadcast') },
  'team of theirs':        { topic: (w) => `team:${w.theirs}`,               outcome: row('', listener, '',       '',       '',       '',       'listen present broadcast') },
  'a person themselves':   { topic: (_, self) => `user:${self}`,             outcome: row('', listener, listener, listener, listener, listener, 'listen present broadcast') },
  'a person of our team':  { topic: (w) => `user:${w.guest.sub}`,            outcome: row('', '',       '',       '',       '',       '',       'listen present broadcast') },
  'an unknown project':    { topic: () => `project:${unknownId}`,            outcome: { ...nobody, service: 'listen present broadcast' } },
  'an unknown kind':       { topic: (w) => `teams:${w.ours}`,                outcome: { ...nobody, service: 'listen present broadcast' } },
  'another spelling':      { topic: (w) => `team:${w.ours.toUpperCase()}`,   outcome: { ...nobody, service: 'listen present broadcast' } },
  'a longer name':         { topic: (w) => `team:${w.ours}:more`,            outcome: { ...nobody, service: 'listen present broadcast' } },
  'no id':                 { topic: () => 'team:',                           outcome: { ...nobody, service: 'listen present broadcast' } },
  'no topic':              { topic: () => 'lobby',                           outcome: { ...nobody, service: 'listen present broadcast' } },
  'an injection':          { topic: () => "team:' or true --",               outcome: { ...nobody, service: 'listen present broadcast' } },
}
