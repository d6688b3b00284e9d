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

export type Project = {
  id: string
  team_id: string
  name: string
  /** The host name of its previews. */
  slug: string
  created_by: string | null
  created_at: string
  archived_at: string | null
}

/** A version counts the changes of a project's files, and is never given twice. */
export type ProjectFile = {
  path: string
  version: number
  hash: string
  size: number
  /** Who changed it last: a person or a tool call. */
  user_id: string | null
  tool_call_id: string | null
}
/** For `delete`, hash and size are those of what went. */
export type FileChange = ProjectFile & {
  op: 'write' | 'delete' | 'move'
  from_path: string | null
  /** Only in the answer of an RPC: what was asked for was there already, and no event tells of it. */
  unchanged?: true
}
export type FileContent = {
  path: string
  version: number
  hash: string
  size: number
  content: string
  updated_at: string
  updated_by: string | null
  tool_call_id: string | null
}
/** The `details` of PT409 (for people) and BT021 (for tools). `version` 0: there is no such file any more. */
export type FileConflict = {
  path: string
  base_version: number | null
  version: number
  hash: string | null
  size: number | null
  user_id: string | null
  tool_call_id: string | null
}
export type Checkpoint = {
  id: string
  version: number
  label: string
  chat_id: string | null
  run_id: string | null
  turn_id: string | null
  restored_from: string | null
  created_by: string | null
  created_at: string
}

export type Chat = {
  id: string
  project_id: string
  title: string
  created_by: string | null
  created_at: string
  archived_at: string | null
}
/** An object of the bucket `attachments`; its path begins with the id of the project. */
export type Attachment = { name: string; media_type: string; size: number; path: string }
/** One that waits in the queue of its chat. */
export type QueuedMessage = {
  id: string
  chat_id: string
  author: string
  client_id: string
  content: string
  attachments: Attachment[]
  created_at: string
}
export type PlanItem = { text: string; state: 'todo' | 'doing' | 'done' }

export type EntryKind =
  | 'message'
  | 'text'
  | 'thinking'
  | 'redacted_thinking'
  | 'tool_use'
  | 'notice'
  | 'compaction'
/** One block of the conversation, in the order of (turn, index). */
export type Entry = {
  id: string
  chat_id: string
  run_id: string
  turn_id: string | null
  turn: number
  index: number
  kind: EntryKind
  /** Of a tool call that is open: its input, as far as it was typed. Empty once `tool_call.input` is known. */
  text: string
  /** thinking: `signature`; message: `message_id`, `client_id`, `attachments`; compaction: `keeps_from`, `model`, `usage`, `cost_usd`. */
  data: Record<string, unknown>
  state: 'open' | 'closed' | 'dropped'
  /** Whether the model is sent it. */
  in_history: boolean
  author: string | null
  created_at: string
  closed_at: string | null
  tool_call: ToolCall | null
}
export type EntryClosing = {
  id: string
  chat_id: string
  data: Record<string, unknown>
  in_history: boolean
  closed_at: string
}

export type ToolCallState = 'pending' | 'queued' | 'running' | 'complete' | 'error' | 'cancelled'
export type ToolCall = {
  id: string
  entry_id: string
  run_id: string
  turn_id: string
  chat_id: string
  /** How the model names it. */
  api_id: string
  name: string
  input: Record<string, unknown>
  state: ToolCallState
  is_error: boolean
  attempt: number
  /** What the model is told, in every state that ends. */
  result: string | null
  error: Record<string, unknown> | null
  created_at: string
  started_at: string | null
  ended_at: string | null
}
export type Question = {
  id: string
  run_id: string
  chat_id: string
  tool_call_id: string
  prompt: Record<string, unknown>
  state: 'open' | 'answered' | 'dismissed'
  answer: unknown
  answered_by: string | null
  created_at: string
  closed_at: string | null
}

export type RunState = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'stopped'
export type Run = {
  id: string
  chat_id: string
  project_id: string
  team_id: string
  title: string
  state: RunState
  reason: string | null
  error: Record<string, unknown> | null
  attempts: number
  /** What went wrong with the model and will be tried again. */
  fault: { error: Record<string, unknown>; retry_at: string | null } | null
  model_faults: number
  input_tokens: number
  output_tokens: number
  /** What is known. */
  cost_usd: number
  /** Something was also spent at a price that is not known. */
  cost_is_partial: boolean
  created_by: string | null
  created_at: string
  started_at: string | null
  ended_at: string | null
  stages: Stage[]
}
export type Stage = {
  id: string
  position: number
  name: string
  role: string
  /** Null: the one that the server is set to. */
  model: string | null
  state: 'queued' | 'running' | 'completed' | 'failed' | 'stopped'
  error: Record<string, unknown> | null
  input_tokens: number
  output_tokens: number
  cost_usd: number
  cost_is_partial: boolean
  started_at: string | null
  ended_at: string | null
}
/** One call of the model. Abandoned: nothing of it could be used. */
export type Turn = {
  id: string
  run_id: string
  stage_id: string
  chat_id: string
  turn: number
  state: 'streaming' | 'closed' | 'abandoned'
  model: string
  stop_reason: string | null
  error: Record<string, unknown> | null
  usage: Record<string, unknown> | null
  /** Null where the price is not known. */
  cost_usd: number | null
  started_at: string
  ended_at: string | null
}

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

  /** These three are told to the project and to its team. */
  'project.created': Project
  'project.renamed': { id: string; name: string }
  'project.archived': { id: string; archived_at: string | null }

  'file.changed': FileChange
  'checkpoint.made': Checkpoint
  'checkpoint.restored': { checkpoint: Checkpoint; changes: FileChange[] }

  'chat.created': Chat
  'chat.renamed': { id: string; title: string }
  'chat.archived': { id: string; archived_at: string | null }
  'plan.changed': { chat_id: string; items: PlanItem[] }

  'message.queued': QueuedMessage
  'message.edited': { id: string; chat_id: string; content: string }
  'message.removed': { id: string; chat_id: string }

  /** A message that became an entry leaves the queue: `data.message_id` names it. */
  'entry.opened': Entry
  /** `offset` counts UTF-16 units, as the length of a string does. */
  'entry.appended': { id: string; chat_id: string; offset: number; text: string }
  'entry.closed': EntryClosing
  /** All from this turn on, by someone who sent an earlier message again. */
  'entry.dropped': { chat_id: string; from_turn: number }

  /**
   * With `closed_at` the call leaves `pending` and its entry is closed. Its input is then what was typed, parsed, unless
   * it is given because it could not be: too much to send twice.
   */
  'tool.changed': Omit<ToolCall, 'input'> & { closed_at?: string; input?: ToolCall['input'] }
  'question.asked': Question
  'question.closed': Question

  'turn.opened': Turn
  /** `entries` are those of the turn that were cut, or that the model will not be sent. */
  'turn.closed': Turn & { entries: EntryClosing[] }
  'run.changed': Run
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
  /** By `created_at`, those in the archive too. */
  projects: Project[]
}
/** RPC `user_snapshot()`. */
export type UserSnapshot = { seq: number; profile: Profile; memberships: Membership[] }

/** RPC `project_snapshot(project_id)`. */
export type ProjectSnapshot = {
  seq: number
  project: Project
  /** Of the tree: the version of its last change. */
  version: number
  /** By path. */
  files: ProjectFile[]
  chats: Chat[]
  /** Those that are alive. */
  runs: Run[]
  /** The last 100, newest first. */
  checkpoints: Checkpoint[]
}
/** Entries in whole turns, oldest first; `more`: there are some before them. */
export type EntryPage = { entries: Entry[]; more: boolean }
/** RPC `chat_snapshot(chat_id, max_entries)`. Its events are those of the project. */
export type ChatSnapshot = EntryPage & {
  seq: number
  chat: Chat
  messages: QueuedMessage[]
  /** The open ones. */
  questions: Question[]
  /** The last one, alive or not. */
  run: Run | null
  /** The one that streams. */
  turn: Turn | null
  plan: PlanItem[]
  usage: {
    input_tokens: number
    output_tokens: number
    cache_read_tokens: number
    cache_write_tokens: number
    cost_usd: number
    cost_is_partial: boolean
  }
}
/** RPC `run_snapshot(run_id)`. */
export type RunSnapshot = {
  seq: number
  run: Run
  turns: (Turn & { request_hash: string; request_meta: Record<string, unknown> })[]
  tool_calls: ToolCall[]
}
/** `entry_id` is null while the message waits. */
export type SentMessage = {
  message_id: string
  run_id: string
  entry_id: string | null
  state: 'queued' | 'sent' | 'removed'
}

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

  create_project: Project
  rename_project: null
  archive_project: null
  save_file: FileChange
  delete_file: FileChange
  move_file: FileChange
  read_file: FileContent
  restore_checkpoint: Checkpoint
  create_chat: Chat
  rename_chat: null
  archive_chat: null
  send_message: SentMessage
  resend_from: SentMessage
  edit_message: null
  remove_message: null
  stop_run: null
  retry_run: null
  answer_question: null
  cancel_tool_call: null
  project_snapshot: ProjectSnapshot
  chat_snapshot: ChatSnapshot
  read_entries: EntryPage
  run_snapshot: RunSnapshot
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

/** RPC `claim_run(run_id, worker, lease_seconds)`, for the service role; null when there is nothing to claim. */
export type ClaimedRun = {
  /** Fences whatever the worker writes: BT020 when it is stale. */
  token: number
  lease_expires_at: string
  run: Run
  stage: Stage
  chat: Chat
  project: Project
  plan: PlanItem[]
}
/** RPC `run_rows(run_id, token)`: from what a worker decides its next step, beside `read_history(chat_id)`. */
export type RunRows = {
  run: Run
  stage: Stage
  turns: Turn[]
  /** Those of the last turn that was kept, and all that have not ended. */
  tool_calls: ToolCall[]
  questions: Question[]
  queued_messages: number
}
/** RPC `close_turn(…)`. */
export type TurnEnding = {
  state: 'closed' | 'abandoned'
  ends_with: EntryKind | null
  notice: Entry | null
}
/** RPC `finish_tool_call(…)`, as read back. */
export type FinishedCall = {
  state: 'complete'
  files: Pick<FileChange, 'op' | 'path' | 'from_path' | 'version' | 'hash' | 'size'>[]
}
