/**
 * Who may do what, in one place to read. The tests compare it with what the database really does: for every table and
 * every function of the schema `public` (one that is missing here fails), and for every kind of channel topic.
 *
 * A row is read in the order of ACTORS. All but the stranger, who runs another team, are in the same team: "ours".
 */

import { LADDER } from '../desk.ts'
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
const inTeam = row('denied', 'theirs', 'ours', 'ours', 'ours', 'ours', 'ours theirs')
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
  notifications: { whose: 'user_id', select: row('denied', 'own',  'own',       'own',       'own',       'own',       'mates theirs'),          ...readOnly },

  projects:        { whose: 'team_id',    select: inTeam, ...readOnly },
  trees:           { whose: 'project_id', select: inTeam, ...readOnly },
  blobs:           { whose: 'project_id', select: inTeam, ...readOnly },
  files:           { whose: 'project_id', select: inTeam, ...readOnly },
  file_operations: { whose: 'project_id', select: inTeam, ...readOnly },
  checkpoints:     { whose: 'project_id', select: inTeam, ...readOnly },
  chats:           { whose: 'project_id', select: inTeam, ...readOnly },
  plans:           { whose: 'project_id', select: inTeam, ...readOnly },
  runs:            { whose: 'project_id', select: inTeam, ...readOnly },
  stages:          { whose: 'project_id', select: inTeam, ...readOnly },
  turns:           { whose: 'project_id', select: inTeam, ...readOnly },
  tool_calls:      { whose: 'project_id', select: inTeam, ...readOnly },
  questions:       { whose: 'project_id', select: inTeam, ...readOnly },
  entries:         { whose: 'project_id', select: inTeam, ...readOnly },
  messages:        { whose: 'project_id', select: inTeam, ...readOnly },
  threads:         { whose: 'project_id', select: inTeam, ...readOnly },
  comments:        { whose: 'project_id', select: inTeam, ...readOnly },
  usage:           { whose: 'team_id',    select: inTeam, ...readOnly },
  entry_parts:     { whose: 'entry_id',   select: row('denied', 'denied', 'denied', 'denied', 'denied', 'denied', ''), ...readOnly },

  escalations:        { whose: 'team_id', select: inTeam, ...readOnly },
  claims:             { whose: 'team_id', select: inTeam, ...readOnly },
  escalation_events:  { whose: 'team_id', select: inTeam, ...readOnly },
  escalation_lookers: { whose: 'team_id', select: inTeam, ...readOnly },
  stuck_snapshots:    { whose: 'team_id', select: inTeam, ...readOnly },
  assessments:        { whose: 'team_id', select: inTeam, ...readOnly },
  ladders:            { whose: 'team_id', select: inTeam, ...readOnly },
  escalation_marks: { whose: 'user_id', select: row('denied', 'own', 'own', 'own', 'own', 'own', 'mates theirs'), ...readOnly },

  deployments:       { whose: 'project_id', select: inTeam, ...readOnly },
  hosts:             { whose: 'project_id', select: inTeam, ...readOnly },
  builds:            { whose: 'project_id', select: inTeam, ...readOnly },
  variables:         { whose: 'project_id', select: inTeam, ...readOnly },
  domains:           { whose: 'project_id', select: inTeam, ...readOnly },
  preview_errors:    { whose: 'project_id', select: inTeam, ...readOnly },
  preview_questions: { whose: 'project_id', select: inTeam, ...readOnly },
  mendings:          { whose: 'project_id', select: inTeam, ...readOnly },
  fresh_blobs:       { whose: 'hash',       select: row('denied', 'denied', 'denied', 'denied', 'denied', 'denied', 'unknown'), ...readOnly },
  doomed_blobs:      { whose: 'hash',       select: row('denied', 'denied', 'denied', 'denied', 'denied', 'denied', 'unknown'), ...readOnly },

  mails:       { whose: 'id',      select: row('denied', 'denied', 'denied',    'denied',    'denied',    'denied',    'unknown'),          ...readOnly },
}

// ── Functions ───────────────────────────────────────────────────────────────────────────────────────────────────────
// `denied`: not for this role at all; `ok`: it did what it says; `BT…`: it refused. Each call is taken back. What stands
// behind a colon tells calls of one function apart.

export type FunctionRights = { args: (world: World) => Arguments; outcome: Row }

const everyone = (outcome: string) => row('denied', outcome, outcome, outcome, outcome, outcome, 'denied')
const teamOnly = { ...everyone('ok'), stranger: 'BT003' }
const lease = { run_id: unknownId, token: 1 }
const buildLease = { build_id: unknownId, token: 1 }
const workers = row('denied', 'denied', 'denied', 'denied', 'denied', 'denied', 'BT020')
const assessors = row('denied', 'denied', 'denied', 'denied', 'denied', 'denied', 'BT061')
const builders = row('denied', 'denied', 'denied', 'denied', 'denied', 'denied', 'BT040')
const publishers = row('denied', 'BT003', 'BT002', 'ok', 'ok', 'ok', 'denied')
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
  read_notifications:     { args: () => ({ ids: [unknownId] }),                        outcome: everyone('ok') },
  read_all_notifications: { args: () => ({ before: null }),                            outcome: everyone('ok') },

  add_comment:       { args: (w) => ({ project_id: w.ourWork.project, body: 'Hm', client_id: '1', path: 'index.html' }), outcome: teamOnly },
  edit_comment:      { args: (w) => ({ comment_id: w.ourWork.comment, body: 'Oh' }),   outcome: row('denied', 'BT003', 'ok', 'BT002', 'BT002', 'BT002', 'denied') },
  delete_comment:    { args: (w) => ({ comment_id: w.ourWork.comment }),               outcome: row('denied', 'BT003', 'ok', 'BT002', 'BT002', 'BT002', 'denied') },
  resolve_thread:    { args: (w) => ({ thread_id: w.ourWork.thread }),                 outcome: teamOnly },
  comments_snapshot: { args: (w) => ({ project_id: w.ourWork.project }),               outcome: teamOnly },

  append_event:      { args: (w) => ({ topic: `team:${w.ours}`, kind: 'a.b', payload: {} }), outcome: machines },
  claim_mail:        { args: () => ({ worker: 'test' }),                               outcome: machines },
  finish_mail:       { args: () => ({ mail_id: unknownId, token: 1 }),                 outcome: machines },
  fail_mail:         { args: () => ({ mail_id: unknownId, token: 1, error: 'no' }),    outcome: machines },
  set_setting:       { args: () => ({ key: 'app_url', value: 'http://app.test' }),     outcome: machines },
  wake:              { args: () => ({ function_name: 'mail' }),                        outcome: machines },
  tick:              { args: () => ({}),                                               outcome: machines },

  create_project:     { args: (w) => ({ team_id: w.ours, name: 'New' }),                                 outcome: teamOnly },
  rename_project:     { args: (w) => ({ project_id: w.ourWork.project, name: 'New' }),                   outcome: teamOnly },
  archive_project:    { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  save_file:          { args: (w) => ({ project_id: w.ourWork.project, path: 'a', content: '', base_version: 0 }), outcome: teamOnly },
  delete_file:        { args: (w) => ({ project_id: w.ourWork.project, path: 'about.html', base_version: w.ourWork.version }), outcome: teamOnly },
  move_file:          { args: (w) => ({ project_id: w.ourWork.project, from_path: 'about.html', to_path: 'a', base_version: w.ourWork.version }), outcome: teamOnly },
  read_file:          { args: (w) => ({ project_id: w.ourWork.project, path: 'index.html' }),            outcome: teamOnly },
  restore_checkpoint: { args: (w) => ({ checkpoint_id: w.ourWork.checkpoint }),                          outcome: teamOnly },
  create_chat:        { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  rename_chat:        { args: (w) => ({ chat_id: w.ourWork.chat, title: 'New' }),                        outcome: teamOnly },
  archive_chat:       { args: (w) => ({ chat_id: w.ourWork.chat }),                                      outcome: teamOnly },
  fork_chat:          { args: (w) => ({ chat_id: w.ourWork.chat, turn: 0 }),                             outcome: teamOnly },
  search_chats:       { args: (w) => ({ project_id: w.ourWork.project, query: 'todo' }),                 outcome: teamOnly },
  send_message:       { args: (w) => ({ chat_id: w.ourWork.chat, content: 'Hello', client_id: '1' }),    outcome: teamOnly },
  resend_from:        { args: (w) => ({ entry_id: w.ourWork.entry, content: 'Hello', client_id: '1' }),  outcome: { ...everyone('BT029'), stranger: 'BT003' } },
  edit_message:       { args: (w) => ({ message_id: w.ourWork.message, content: 'Hello' }),              outcome: teamOnly },
  remove_message:     { args: (w) => ({ message_id: w.ourWork.message }),                                outcome: teamOnly },
  stop_run:           { args: (w) => ({ run_id: w.ourWork.run }),                                        outcome: teamOnly },
  retry_run:          { args: (w) => ({ run_id: w.ourWork.run }),                                        outcome: { ...everyone('BT029'), stranger: 'BT003' } },
  answer_question:    { args: (w) => ({ question_id: w.ourWork.question, answer: { text: 'Blue' } }),    outcome: teamOnly },
  cancel_tool_call:   { args: (w) => ({ tool_call_id: w.ourWork.toolCall }),                             outcome: teamOnly },
  project_snapshot:   { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  chat_snapshot:      { args: (w) => ({ chat_id: w.ourWork.chat }),                                      outcome: teamOnly },
  read_entries:       { args: (w) => ({ chat_id: w.ourWork.chat, before_turn: 5 }),                      outcome: teamOnly },
  run_snapshot:       { args: (w) => ({ run_id: w.ourWork.run }),                                        outcome: teamOnly },

  escalate:            { args: (w) => ({ chat_id: w.ourWork.chat, reason: 'Stuck' }),                    outcome: teamOnly },
  claim_escalation:    { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: row('denied', 'BT003', 'BT002', 'ok', 'ok', 'ok', 'denied') },
  'claim_escalation: held':      { args: (w) => ({ escalation_id: w.ourWork.held }),                     outcome: row('denied', 'BT003', 'BT002', 'PT409', 'PT409', 'ok', 'denied') },
  release_escalation:  { args: (w) => ({ escalation_id: w.ourWork.held }),                               outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  reassign_escalation: { args: (w) => ({ escalation_id: w.ourWork.held, user_id: w.ids.senior! }),       outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  'reassign_escalation: open':   { args: (w) => ({ escalation_id: w.ourWork.escalation, user_id: w.ids.senior! }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  'reassign_escalation: member': { args: (w) => ({ escalation_id: w.ourWork.held, user_id: w.guest.sub }), outcome: row('denied', 'BT003', 'BT002', 'BT002', 'BT004', 'BT004', 'denied') },
  return_escalation:   { args: (w) => ({ escalation_id: w.ourWork.held, note: 'Go on' }),                outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  resolve_escalation:  { args: (w) => ({ escalation_id: w.ourWork.held }),                               outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  cancel_escalation:   { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  'cancel_escalation: held':     { args: (w) => ({ escalation_id: w.ourWork.held }),                     outcome: row('denied', 'BT003', 'ok', 'BT002', 'ok', 'ok', 'denied') },
  judge_assessment:    { args: (w) => ({ escalation_id: w.ourWork.held, was_right: true }),              outcome: { ...everyone('BT060'), stranger: 'BT003' } },
  touch_escalation:    { args: (w) => ({ escalation_id: w.ourWork.held }),                               outcome: teamOnly },
  read_escalation:     { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  open_escalation:     { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  look_at_escalation:  { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  leave_escalation:    { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  dismiss_steps:       { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  retry_assessment:    { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  desk_snapshot:       { args: (w) => ({ team_id: w.ours }),                                             outcome: teamOnly },
  escalation_snapshot: { args: (w) => ({ escalation_id: w.ourWork.escalation }),                         outcome: teamOnly },
  chat_escalation:     { args: (w) => ({ chat_id: w.ourWork.chat }),                                     outcome: teamOnly },
  read_escalations:    { args: (w) => ({ team_id: w.ours }),                                             outcome: teamOnly },
  escalation_metrics:  { args: (w) => ({ team_id: w.ours, from: '2026-01-01', to: '2026-02-01' }),       outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  set_ladder:          { args: (w) => ({ team_id: w.ours, ladder: LADDER }),                             outcome: row('denied', 'BT003', 'BT002', 'BT002', 'ok', 'ok', 'denied') },
  preview_ladder:      { args: (w) => ({ team_id: w.ours }),                                             outcome: teamOnly },

  raise_and_wait:      { args: () => ({ ...lease, error: {} }),                                          outcome: workers },
  claim_assessment:    { args: (w) => ({ escalation_id: w.ourWork.escalation, worker: 'test' }),         outcome: machines },
  write_assessment:    { args: () => ({ escalation_id: unknownId, token: 1, findings: {} }),             outcome: assessors },
  finish_assessment:   { args: () => ({ escalation_id: unknownId, token: 1, findings: {} }),             outcome: assessors },
  fail_assessment:     { args: () => ({ escalation_id: unknownId, token: 1, error: {} }),                outcome: assessors },

  claim_run:          { args: (w) => ({ run_id: w.ourWork.run, worker: 'test' }),                        outcome: machines },
  read_history:       { args: (w) => ({ chat_id: w.ourWork.chat }),                                      outcome: machines },
  read_tree:          { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: machines },
  read_contents:      { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: machines },
  take_messages:      { args: () => lease,                                                               outcome: machines },
  extend_lease:       { args: () => lease,                                                               outcome: workers },
  note_fault:         { args: () => ({ ...lease, error: {} }),                                           outcome: workers },
  hand_over:          { args: () => lease,                                                               outcome: workers },
  wait_for_person:    { args: () => lease,                                                               outcome: workers },
  finish_run:         { args: () => ({ ...lease, state: 'completed', reason: 'end_turn' }),              outcome: workers },
  run_rows:           { args: () => lease,                                                               outcome: workers },
  open_turn:          { args: () => ({ ...lease, turn_id: unknownId, stage_id: unknownId, model: '', request_hash: '', request_meta: {} }), outcome: workers },
  note_usage:         { args: () => ({ ...lease, turn_id: unknownId, usage: {}, cost_usd: 0 }),          outcome: workers },
  note_spending:      { args: () => ({ ...lease, entry_id: unknownId, model: 'm', usage: {}, cost_usd: 0 }), outcome: workers },
  close_turn:         { args: () => ({ ...lease, turn_id: unknownId, stop_reason: 'end_turn' }),         outcome: workers },
  open_entry:         { args: () => ({ ...lease, entry_id: unknownId, turn_id: unknownId, index: 0, kind: 'text' }), outcome: workers },
  append_to_entry:    { args: () => ({ ...lease, entry_id: unknownId, offset: 0, text: 'a' }),           outcome: workers },
  close_entry:        { args: () => ({ ...lease, entry_id: unknownId }),                                 outcome: workers },
  add_notice:         { args: () => ({ ...lease, text: 'a' }),                                           outcome: workers },
  record_compaction:  { args: () => ({ ...lease, text: 'a' }),                                           outcome: workers },
  close_tool_use:     { args: () => ({ ...lease, entry_id: unknownId, input: {} }),                      outcome: workers },
  refuse_tool_use:    { args: () => ({ ...lease, entry_id: unknownId, error: {}, result: 'a' }),         outcome: workers },
  start_tool_call:    { args: () => ({ ...lease, tool_call_id: unknownId }),                             outcome: workers },
  finish_tool_call:   { args: () => ({ ...lease, tool_call_id: unknownId, result: 'a' }),                outcome: workers },
  fail_tool_call:     { args: () => ({ ...lease, tool_call_id: unknownId, error: {}, result: 'a' }),     outcome: workers },
  ask_question:       { args: () => ({ ...lease, tool_call_id: unknownId, question_id: unknownId, prompt: {} }), outcome: workers },

  request_build:          { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  retry_build:            { args: (w) => ({ build_id: w.ourWork.built.cancelledPreview }),                   outcome: teamOnly },
  cancel_build:           { args: (w) => ({ build_id: w.ourWork.built.cancelledPreview }),                   outcome: teamOnly },
  'retry_build: for production':  { args: (w) => ({ build_id: w.ourWork.built.cancelledProduction }),        outcome: publishers },
  'cancel_build: for production': { args: (w) => ({ build_id: w.ourWork.built.cancelledProduction }),        outcome: publishers },
  build_snapshot:         { args: (w) => ({ build_id: w.ourWork.built.cancelledPreview }),                   outcome: teamOnly },
  set_preview_visibility: { args: (w) => ({ project_id: w.ourWork.project, visibility: 'private' }),         outcome: teamOnly },
  reset_preview_link:     { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  publish_plan:           { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  publish:                { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: publishers },
  rollback:               { args: (w) => ({ project_id: w.ourWork.project, deployment_id: w.ourWork.built.published }), outcome: publishers },
  'rollback: to theirs':  { args: (w) => ({ project_id: w.ourWork.project, deployment_id: w.theirWork.built.published }), outcome: row('denied', 'BT003', 'BT002', 'BT003', 'BT003', 'BT003', 'denied') },
  unpublish:              { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: publishers },
  set_domain:             { args: (w) => ({ project_id: w.ourWork.project, domain: 'www.example.com' }),     outcome: publishers },
  verify_domain:          { args: (w) => ({ project_id: w.ourWork.project, domain: w.ourWork.built.domain }), outcome: publishers },
  remove_domain:          { args: (w) => ({ project_id: w.ourWork.project, domain: w.ourWork.built.domain }), outcome: publishers },
  set_variable:           { args: (w) => ({ project_id: w.ourWork.project, name: 'VITE_A', value: 'b' }),    outcome: teamOnly },
  delete_variable:        { args: (w) => ({ project_id: w.ourWork.project, name: 'VITE_COLOUR' }),           outcome: teamOnly },
  report_preview:         { args: (w) => ({ project_id: w.ourWork.project, deployment_id: w.ourWork.built.deployment, reports: [{ kind: 'console', message: 'a' }] }), outcome: teamOnly },
  'report_preview: on theirs': { args: (w) => ({ project_id: w.ourWork.project, deployment_id: w.theirWork.built.deployment, reports: [{ kind: 'console', message: 'a' }] }), outcome: { ...everyone('BT004'), stranger: 'BT003' } },
  clear_preview_errors:   { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  answer_preview:         { args: (w) => ({ question_id: w.ourWork.built.previewQuestion, answer: {} }),     outcome: teamOnly },
  fork_project:           { args: (w) => ({ project_id: w.ourWork.project, name: 'Fork' }),                  outcome: teamOnly },
  'fork_project: of theirs': { args: (w) => ({ project_id: w.ourWork.project, name: 'Fork', checkpoint_id: w.theirWork.checkpoint }), outcome: everyone('BT003') },
  import_files:           { args: (w) => ({ project_id: w.ourWork.project, files: [{ path: 'a.ts', content: '' }] }), outcome: teamOnly },
  stage_files:            { args: () => ({ import_id: unknownId, files: [{ path: 'a.ts', content: '' }] }),   outcome: everyone('ok') },
  finish_import:          { args: (w) => ({ import_id: unknownId, project_id: w.ourWork.project, file_count: 1 }), outcome: everyone('BT003') },
  import_project:         { args: (w) => ({ import_id: unknownId, team_id: w.ours, name: 'Zip', file_count: 1 }), outcome: everyone('BT003') },
  read_sources:           { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: teamOnly },
  'read_sources: of theirs': { args: (w) => ({ project_id: w.ourWork.project, checkpoint_id: w.theirWork.checkpoint }), outcome: everyone('BT003') },

  claim_build:            { args: () => ({ worker: 'test' }),                                                outcome: machines },
  read_build_sources:     { args: () => ({ ...buildLease, paths: [] }),                                      outcome: builders },
  extend_build_lease:     { args: () => buildLease,                                                          outcome: builders },
  finish_build:           { args: () => ({ ...buildLease, manifest: {} }),                                   outcome: builders },
  fail_build:             { args: () => ({ ...buildLease, errors: [] }),                                     outcome: builders },
  report_type_errors:     { args: () => ({ ...buildLease, type_errors: [] }),                                outcome: machines },
  missing_blobs:          { args: () => ({ hashes: [] }),                                                    outcome: machines },
  read_fresh_blobs:       { args: () => ({ hashes: [] }),                                                    outcome: machines },
  store_fresh_blobs:      { args: () => ({ hashes: [] }),                                                    outcome: machines },
  fresh_blobs_to_store:   { args: () => ({}),                                                                outcome: machines },
  doomed_blobs_to_delete: { args: () => ({}),                                                                outcome: machines },
  forget_blobs:           { args: () => ({ hashes: [] }),                                                    outcome: machines },
  live_deployment:        { args: () => ({ host_kind: 'preview', label: 'a' }),                              outcome: machines },
  read_pointers:          { args: () => ({ hosts: [] }),                                                     outcome: machines },
  domain_checks_due:      { args: () => ({}),                                                                outcome: machines },
  finish_domain_check:    { args: () => ({ domain: 'a.example.com', token: 1, ok: true }),                   outcome: machines },
  ask_preview:            { args: () => ({ ...lease, tool_call_id: unknownId }),                             outcome: workers },
  read_preview_answer:    { args: () => ({ ...lease, tool_call_id: unknownId }),                             outcome: workers },
  read_preview_state:     { args: (w) => ({ project_id: w.ourWork.project }),                                outcome: machines },
}

/** Of the private schema, what policies ask on behalf of browsers; nobody can call it by name. */
export const ASKED_BY_POLICIES = ['can_read_topic', 'my_projects', 'my_teams', 'my_topics', 'people_i_know']

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
  'project of ours':       { topic: (w) => `project:${w.ourWork.project}`,   outcome: row('', '',       listener, listener, listener, listener, 'listen present broadcast') },
  'project of theirs':     { topic: (w) => `project:${w.theirWork.project}`, outcome: row('', listener, '',       '',       '',       '',       'listen present broadcast') },
  'an unknown project':    { topic: () => `project:${unknownId}`,            outcome: { ...nobody, service: 'listen present broadcast' } },
  'an unknown kind':       { topic: (w) => `teams:${w.ours}`,                outcome: { ...nobody, service: 'listen present broadcast' } },
  'another spelling':      { topic: (w) => `team:${w.ours.toUpperCase()}`,   outcome: { ...nobody, service: 'listen present broadcast' } },
  'a longer name':         { topic: (w) => `team:${w.ours}:more`,            outcome: { ...nobody, service: 'listen present broadcast' } },
  'no id':                 { topic: () => 'team:',                           outcome: { ...nobody, service: 'listen present broadcast' } },
  'no topic':              { topic: () => 'lobby',                           outcome: { ...nobody, service: 'listen present broadcast' } },
  'an injection':          { topic: () => "team:' or true --",               outcome: { ...nobody, service: 'listen present broadcast' } },
}

// ── Attachments ─────────────────────────────────────────────────────────────────────────────────────────────────────

const attacher = 'read attach'

// biome-ignore format: columns are easier to read below each other
export const ATTACHMENTS: Record<string, { folder: (world: World) => string; outcome: Row }> = {
  //                                                                        anonymous stranger  member    senior    admin     owner    service
  'a project of ours':   { folder: (w) => w.ourWork.project,    outcome: row('', '',       attacher, attacher, attacher, attacher, 'read attach') },
  'a project of theirs': { folder: (w) => w.theirWork.project,  outcome: row('', attacher, '',       '',       '',       '',       'read attach') },
  'no project':          { folder: () => unknownId,             outcome: row('', '',       '',       '',       '',       '',       'attach') },
}
