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
  /** Null: a copy, in a chat that was forked. */
  run_id: string | null
  turn_id: string | null
  turn: number
  index: number
  kind: EntryKind
  /** Of a tool call that is open: its input, as far as it was typed. Empty once `tool_call.input` is known. */
  text: string
  /** thinking: `signature`; message: `message_id`, `client_id`, `attachments`, `mentions`; compaction: `keeps_from`, `model`, `usage`, `cost_usd`. */
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
  /** Null: a copy, in a chat that was forked. */
  run_id: string | null
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
  /** The person who answered what it asked, or who cancelled it. */
  ended_by: string | null
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
  /** Why it failed; or while it waits, what it is stuck on. */
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

/** What one person should hear of. */
export type Notification = {
  id: string
  team_id: string
  /** Such as `mention`, `comment` or `escalation.raised`. */
  kind: string
  title: string
  body: string
  /** A path in the app, with the exact place. */
  link: string
  data: Record<string, unknown>
  created_at: string
  read_at: string | null
}

/** One type from SQL (`public.confidence`) to the screen. */
export const CONFIDENCES = ['low', 'medium', 'high'] as const
export type Confidence = (typeof CONFIDENCES)[number]
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]
export type EscalationState = 'open' | 'claimed' | 'resolved' | 'returned' | 'cancelled'
/** Who or what raised it. Only `person` has `raised_by`. */
export type EscalationSource =
  | 'person'
  | 'agent'
  | 'loop'
  | 'fault'
  | 'mending'
  | 'question'
  | 'blocker'
  | 'budget'
  | 'approval'
/** A card of the desk: the same for everyone in the team. What is one person's own is in `Desk.mine`. */
export type Escalation = {
  id: string
  team_id: string
  project_id: string
  project_name: string
  chat_id: string
  chat_title: string
  run_id: string | null
  state: EscalationState
  source: EscalationSource
  priority: Priority
  /** In one sentence, in the words of who raised it. */
  reason: string
  note: string | null
  raised_by: string | null
  raised_by_name: string | null
  raised_at: string
  /** Whose work is stuck: who raised it, else who started the run. It goes back to them. */
  for_user: string | null
  for_user_name: string | null
  /** Since when it has waited without a holder: when it was raised, released or lapsed last. */
  opened_at: string
  /** It is unread for whoever last opened it before this. */
  news_at: string
  claimed_by: string | null
  claimed_by_name: string | null
  claimed_at: string | null
  /** When the holder last did something; null while nobody holds it. */
  touched_at: string | null
  reminded_at: string | null
  /** When the claim goes back to the queue unless the holder does something. */
  lapses_at: string | null
  /** Whether its run waits for it. */
  holds_run: boolean
  /** How many levels of the ladder were told, and when the next one is. */
  level: number
  next_level_at: string | null
  claims: number
  refusals: number
  lapses: number
  closed_at: string | null
  closed_by: string | null
  closed_by_name: string | null
  /** Of the resolution or the return. */
  closing_note: string | null
  cause: string | null
  assessment_was_right: boolean | null
  assessment: { state: AssessmentState; confidence: Confidence | null }
}
export type EscalationEventKind =
  | 'raised'
  | 'claimed'
  | 'refused'
  | 'released'
  | 'reassigned'
  | 'reminded'
  | 'lapsed'
  | 'levelled'
  | 'answered'
  | 'returned'
  | 'resolved'
  | 'cancelled'
  | 'assessed'
/** A line of the history of an escalation. `user_id` is null for what time or an agent did. */
export type EscalationEvent = {
  id: number
  escalation_id: string
  kind: EscalationEventKind
  user_id: string | null
  user_name: string | null
  /** Such as `note`, `to_id`, `to_name`, `claimed_by_name`, `level`, `people`. */
  data: Record<string, unknown>
  at: string
}
/** What a refused claim tells, as `details` of PT409 and as an event of the loser. Null: nobody ever held it. */
export type ClaimConflict = {
  claimed_by_id: string | null
  claimed_by_name: string | null
  claimed_at: string | null
  state: EscalationState
}

export type TriedStep = {
  at: string
  kind: 'message' | 'text' | 'notice' | 'tool'
  /** Of a tool: its name; of the rest: null. */
  name: string | null
  /** Of a tool: at most 300 characters of its input, as JSON. */
  input: string | null
  /** At most 600 characters of what was said, asked for or answered. */
  text: string
  state: ToolCallState | null
  duration_ms: number | null
  author: string | null
}
/** Taken when the escalation was raised; never changes. */
export type StuckSnapshot = {
  problem: string
  /** The last 60 steps, oldest first; `steps` counts all of the run. */
  tried: TriedStep[]
  steps: number
  errors: { at: string; where: string; message: string }[]
  /** `before` and `after` are versions for `read_file`; null: there was or is no such file. */
  files: { path: string; before: number | null; after: number | null; changes: number }[]
  /** Of the tree: before the run, and when it was raised. */
  before_version: number
  after_version: number
  checkpoint_id: string | null
  /** What the preview showed then. */
  preview: { deployment_id: string; version: number } | null
  cost_usd: number
  cost_is_partial: boolean
  input_tokens: number
  output_tokens: number
  turns: number
  duration_ms: number
  /** That it could go on without help. */
  confidence: Confidence
  run_state: RunState | null
  run_error: Record<string, unknown> | null
  /** Why, as data: for a loop the call and its count, for a fault its error, for a question its text. */
  facts: Record<string, unknown>
}

export type AssessmentState = 'pending' | 'running' | 'done' | 'failed'
export type SuggestedStep = { title: string; prompt: string }
export type SimilarEscalation = {
  id: string
  reason: string
  cause: string | null
  closing_note: string | null
  closed_by_name: string | null
  closed_at: string
}
/** Fills in while the model writes: what is not known yet is null or empty. */
export type Assessment = {
  escalation_id: string
  state: AssessmentState
  likely_cause: string | null
  confidence: Confidence | null
  evidence: string[]
  steps: SuggestedStep[]
  similar: SimilarEscalation[]
  model: string | null
  cost_usd: number | null
  error: Record<string, unknown> | null
  attempts: number
  started_at: string | null
  ended_at: string | null
}

export type LadderLevel = {
  /** After the escalation began to wait; the levels rise. */
  after_minutes: number
  roles: Role[]
  /** Members by name, beside the roles. */
  people: string[]
  by: ('bell' | 'mail')[]
}
export type Ladder = {
  levels: LadderLevel[]
  /** Nobody is told within these hours, but at their end; null: there are none. `HH:MM`, may pass midnight. */
  quiet: { from: string; to: string; time_zone: string; urgent_breaks: boolean } | null
  remind_after_minutes: number
  lapse_after_minutes: number
  /** Null: an unanswered question is never raised. */
  question_after_minutes: number | null
}
/** RPC `preview_ladder(team_id, ladder, priority, at)`: what would happen to one that nobody claims. */
export type LadderPreview = {
  level: number
  after_minutes: number
  at: string
  /** It would have been earlier, but for the quiet hours. */
  delayed: boolean
  by: ('bell' | 'mail')[]
  people: { user_id: string; display_name: string }[]
}[]

/** Of the app itself in a preview, or of what goes to the world. */
export type DeploymentKind = 'preview' | 'production'
export type BuildState = 'pending' | 'running' | 'succeeded' | 'failed' | 'superseded' | 'cancelled'
export type BuildTrigger =
  | 'template'
  | 'run'
  | 'edit'
  | 'restore'
  | 'import'
  | 'fork'
  | 'variables'
  | 'manual'
  | 'retry'
  | 'publish'
/** Where the compiler points: a path of the project, lines from 1, columns from 0. */
export type BuildError = {
  file: string | null
  line: number | null
  column: number | null
  message: string
  /** The lines around it, with a mark. */
  frame: string | null
}
export type Build = {
  id: string
  project_id: string
  kind: DeploymentKind
  state: BuildState
  trigger: BuildTrigger
  /** Of the tree that it builds; of a preview that waits, the newest so far. */
  version: number
  /** When the last of the changes that it builds was written. */
  changed_at: string
  checkpoint_id: string | null
  run_id: string | null
  chat_id: string | null
  requested_by: string | null
  attempts: number
  /** Why it ended without a deployment: `errors`, `dead`, `newer`, `rolled_back`, `unpublished`, or the builder's word. */
  reason: string | null
  /** The first 20, each of a length to show; whole and all in a `BuildSnapshot`. */
  errors: BuildError[]
  error_count: number
  /** Null while nobody has checked the types. */
  type_error_count: number | null
  /** Of the builder's work alone. */
  duration_ms: number | null
  size: number | null
  deployment_id: string | null
  created_at: string
  started_at: string | null
  ended_at: string | null
}
/** `at_ms` counts from the start of the build. */
export type BuildLogLine = { at_ms: number; level: 'info' | 'warn' | 'error'; text: string }
export type ManifestFile = { hash: string; type: string; size: number; immutable?: boolean }
/** Paths begin with a slash. What else the builder wants to tell the preview host stands beside. */
export type Manifest = { entry: string; files: Record<string, ManifestFile>; [more: string]: unknown }
/** Without its manifest. */
export type Deployment = {
  id: string
  project_id: string
  kind: DeploymentKind
  build_id: string
  version: number
  checkpoint_id: string | null
  run_id: string | null
  trigger: BuildTrigger
  created_by: string | null
  file_count: number
  size: number
  compressed_size: number | null
  duration_ms: number
  changed_at: string
  created_at: string
}
/** One address, and what it shows. */
export type Host = {
  project_id: string
  kind: DeploymentKind
  slug: string
  deployment_id: string | null
  /** `link`: for everybody who has the address. `private`: the address needs `key`, as in <slug>--<key>. */
  visibility: 'link' | 'private'
  /** For people of the team. Of previews alone. */
  key: string | null
  updated_at: string
}
/** A public setting of an app, given to its bundle. Secrets are refused. */
export type Variable = { name: string; value: string; updated_by: string | null; updated_at: string }
export type Domain = {
  domain: string
  project_id: string
  state: 'waiting' | 'checking' | 'verified' | 'failed'
  /** The TXT record that proves whose it is: its name and its content. */
  record_name: string
  record_value: string
  /** What the last check found wrong, in words. */
  problem: string | null
  created_by: string | null
  created_at: string
  checked_at: string | null
  verified_at: string | null
}
/** A line of a stack, in the project's own files where the source map knows. */
export type StackFrame = { file: string; line: number | null; column: number | null; function: string | null }
/** What went wrong in an open preview. The same again counts up, and is not told again. */
export type PreviewError = {
  id: string
  project_id: string
  deployment_id: string | null
  version: number | null
  kind: 'error' | 'rejection' | 'console' | 'network' | 'render'
  message: string
  stack: string | null
  frames: StackFrame[]
  /** The path within the app. */
  path: string | null
  count: number
  reported_by: string | null
  first_at: string
  last_at: string
}
/** Something that the agent wants to know of an open preview. Any open pane answers, with `answer_preview`. */
export type PreviewQuestion = {
  id: string
  project_id: string
  chat_id: string
  kind: 'outline'
  input: Record<string, unknown>
  state: 'open' | 'answered' | 'expired'
  expires_at: string
}

/** Who is named in a text with `@`, by the name that they had. */
export type Mention = { user_id: string; name: string }
export type Comment = {
  id: string
  thread_id: string
  author: string
  body: string
  mentions: Mention[]
  created_at: string
  edited_at: string | null
}
/** About an entry of a chat, or about a file: on the whole, or on some of its lines. */
export type Thread = {
  id: string
  chat_id: string | null
  entry_id: string | null
  /** Of the entry. */
  turn: number | null
  path: string | null
  from_line: number | null
  to_line: number | null
  /** What the lines were. */
  quote: string | null
  created_at: string
  resolved_at: string | null
  resolved_by: string | null
  /** In the order in which they were said; never empty. */
  comments: Comment[]
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

  /** `again`: it takes the place of the unread one with the same id, and moves to now. */
  'notification.added': Notification & { again?: true }
  /** Those that were unread until now; also those that went with the membership of their team. */
  'notification.read': { ids: string[]; read_at: string }

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

  'thread.opened': Thread
  'thread.resolved': { id: string; resolved_at: string; resolved_by: string }
  /** By hand, or by a comment, which it then ends with. */
  'thread.reopened': Thread
  'comment.added': Comment
  'comment.edited': Comment
  /** A thread goes with its last comment. */
  'comment.deleted': { id: string; thread_id: string }

  /** A message that became an entry leaves the queue: `data.message_id` names it. */
  'entry.opened': Entry
  /** `offset` counts UTF-16 units, as the length of a string does. */
  'entry.appended': { id: string; chat_id: string; offset: number; text: string }
  /** `tail`: what was said last, after all that was appended. */
  'entry.closed': EntryClosing & { tail?: string }
  /** All from this turn on, by someone who sent an earlier message again. */
  'entry.dropped': { chat_id: string; from_turn: number }

  /**
   * With `closed_at` the call leaves `pending` and its entry is closed. Its input is then what was typed, parsed, unless
   * it is given because it could not be: too much to send twice. `tail`: what was typed last, after all that was appended.
   */
  'tool.changed': Omit<ToolCall, 'input'> & { closed_at?: string; input?: ToolCall['input']; tail?: string }
  'question.asked': Question
  'question.closed': Question

  /** Of a compaction that came to nothing. */
  'usage.noted': { chat_id: string; usage: Turn['usage'] }
  'turn.opened': Turn
  /** `entries` are those of the turn that were cut, or that the model will not be sent. */
  'turn.closed': Turn & { entries: EntryClosing[] }
  'run.changed': Run

  /** Told when it is requested, claimed, ended, and when its types were checked. */
  'build.changed': Build
  'build.progress': { id: string; lines: BuildLogLine[] }
  'deployment.made': Deployment
  'host.changed': Host
  /** Without the value, so that no log keeps what somebody takes back. */
  'variable.changed': { name: string; updated_by: string | null; updated_at: string }
  'variable.deleted': { name: string }
  'domain.changed': Domain
  'domain.removed': { domain: string }
  'preview.error': PreviewError
  /** Somebody put them away, or a newer preview has replaced the one that they came from. */
  'preview.cleared': { ids: string[] }
  'preview.asked': PreviewQuestion
  'preview.answered': { id: string; state: 'answered' | 'expired' }

  /** On the topic of the team, as are those below unless they say otherwise. */
  'escalation.changed': Escalation
  'escalation.event': EscalationEvent
  'escalation.touched': { id: string; touched_at: string; lapses_at: string }
  /** `until` null: they left. */
  'escalation.looked': { id: string; user_id: string; display_name: string; until: string | null }
  'assessment.changed': Assessment
  'ladder.changed': Ladder
  /** These three on the topic of one person. */
  'escalation.refused': ClaimConflict & { id: string; reason: string; at: string }
  'escalation.read': { id: string; read_at: string }
  'escalation.dismissed': { id: string; dismissed_at: string }
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
export type UserSnapshot = {
  seq: number
  profile: Profile
  memberships: Membership[]
  /** The last 100, newest first. */
  notifications: Notification[]
  unread_notifications: number
}

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
  /** The last 20 that were not superseded, newest first. */
  builds: Build[]
  /** The last 20 of each kind, and those that hosts show; newest first. */
  deployments: Deployment[]
  hosts: Host[]
  variables: Variable[]
  domains: Domain[]
  /** Of the deployment that the preview shows, newest first. */
  preview_errors: PreviewError[]
  /** The open ones. */
  preview_questions: PreviewQuestion[]
}
/** RPC `comments_snapshot(project_id)`: the open threads and the last resolved ones. Its events are those of the project. */
export type CommentsSnapshot = { seq: number; threads: Thread[] }
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
/** RPC `search_chats(project_id, query, max_hits)`, best first: something that was said in one of its chats. */
export type SearchHit = {
  entry_id: string
  chat_id: string
  turn: number
  kind: 'message' | 'text'
  author: string | null
  created_at: string
  excerpt: string
}
/** RPC `run_snapshot(run_id)`. */
export type RunSnapshot = {
  seq: number
  run: Run
  turns: (Turn & { request_hash: string; request_meta: Record<string, unknown> })[]
  tool_calls: ToolCall[]
}
/** RPC `build_snapshot(build_id)`. */
export type BuildSnapshot = {
  seq: number
  build: Build
  /** All of them. */
  errors: BuildError[]
  type_errors: BuildError[] | null
  log: BuildLogLine[]
  deployment: Deployment | null
}
/** RPC `publish_plan(project_id, checkpoint_id)`: what would change for the world. */
export type PublishPlan = {
  checkpoint: Checkpoint | null
  version: number
  run: Pick<Run, 'id' | 'chat_id' | 'title' | 'created_by'> | null
  /** What is there now. */
  production: Deployment | null
  host: Host
  files: { path: string; change: 'added' | 'changed' | 'removed'; size: number; old_size: number }[]
  variables: { name: string; change: 'added' | 'changed' | 'removed' }[]
  /** Null when the person may publish; else whom to ask. */
  ask: { user_id: string; display_name: string; role: Role }[] | null
}
/** RPC `read_sources(project_id, checkpoint_id)`: all files with their contents, as an export needs them. */
export type Sources = {
  project: Project
  version: number
  files: { path: string; hash: string; size: number; content: string }[]
}
/**
 * RPC `import_files(project_id, files, replace)`. What does not fit into one request goes in pieces,
 * `stage_files(import_id, files)`, and comes in whole by `finish_import(import_id, project_id, file_count, replace)`, or
 * as a project of its own by `import_project(import_id, team_id, name, file_count)`. Each may be sent again.
 */
export type ImportedFile = { path: string; content: string }
export type Import = { version: number; checkpoint: Checkpoint | null; changed: number }

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

/** What of an escalation is one person's own. */
export type OwnMark = { read_at: string | null; dismissed_at: string | null }
export type Looker = { user_id: string; display_name: string; until: string }
/** RPC `desk_snapshot(team_id)`. Its events are those of the team and of the person. */
export type Desk = {
  seq: number
  user_seq: number
  /** All that are open or claimed, and the last 50 that were closed. */
  escalations: Escalation[]
  /** By the id of the escalation. */
  mine: Record<string, OwnMark>
  lookers: Record<string, Looker[]>
  ladder: Ladder
  role: Role
}
/** RPC `escalation_snapshot(escalation_id)`, and `chat_escalation(chat_id)`: the living one of a chat, else its last. */
export type EscalationSnapshot = {
  seq: number
  user_seq: number
  escalation: Escalation
  snapshot: StuckSnapshot
  /** Where the preview is now. */
  preview_host: Host | null
  assessment: Assessment
  /** Oldest first; the last 200. */
  history: EscalationEvent[]
  lookers: Looker[]
  mine: OwnMark
}
/** RPC `read_escalations(…)`: closed ones, newest first; `next` is given as `before` for more. */
export type EscalationPage = { escalations: Escalation[]; next: string | null }

export type Spread = { count: number; median_s: number | null; p90_s: number | null }
export type MetricsRow = {
  /** The id of a person or project, the cause, or the hour (0 to 23, in the time zone that was asked for). */
  key: string
  label: string
  raised: number
  claimed: number
  resolved: number
  returned: number
  cancelled: number
  lapsed: number
  to_claim: Spread
  to_resolve: Spread
}
/** RPC `escalation_metrics(team_id, from, to, person, cause, project_id, time_zone)`: of those raised from `from`, before `to`. */
export type EscalationMetrics = {
  from: string
  to: string
  raised: number
  claimed: number
  resolved: number
  returned: number
  cancelled: number
  open: number
  to_claim: Spread
  to_resolve: Spread
  /** Of those that were claimed: the share that lapsed at least once. */
  lapse_rate: number | null
  /** Of those that were claimed and closed: the share that went back. */
  return_rate: number | null
  /** `share` of those where somebody said so. */
  assessment: {
    answered: number
    right: number
    share: number | null
    by_confidence: { confidence: Confidence; answered: number; right: number }[]
  }
  /** One point per `step` (an hour, a day or a week), at its end; `backlog` is open or claimed then. */
  step: 'hour' | 'day' | 'week'
  over_time: { at: string; raised: number; closed: number; backlog: number }[]
  by_person: MetricsRow[]
  by_cause: MetricsRow[]
  by_project: MetricsRow[]
  by_hour: MetricsRow[]
  by_source: MetricsRow[]
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
  read_notifications: null
  add_comment: Comment
  edit_comment: null
  delete_comment: null
  resolve_thread: null
  comments_snapshot: CommentsSnapshot
  read_all_notifications: null

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
  fork_chat: Chat
  search_chats: SearchHit[]
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

  request_build: Build
  retry_build: Build
  cancel_build: null
  build_snapshot: BuildSnapshot
  publish_plan: PublishPlan
  publish: Build
  rollback: Host
  unpublish: Host
  set_preview_visibility: Host
  reset_preview_link: Host
  set_variable: Variable
  delete_variable: null
  set_domain: Domain
  verify_domain: Domain
  remove_domain: null
  report_preview: { recorded: number }
  clear_preview_errors: null
  answer_preview: boolean
  fork_project: Project
  import_files: Import
  /** How many are staged now. */
  stage_files: { files: number }
  finish_import: Import
  import_project: Project
  read_sources: Sources

  escalate: Escalation
  claim_escalation: Escalation
  release_escalation: Escalation
  reassign_escalation: Escalation
  return_escalation: Escalation
  resolve_escalation: Escalation
  cancel_escalation: Escalation
  judge_assessment: Escalation
  touch_escalation: null
  open_escalation: EscalationSnapshot
  look_at_escalation: null
  leave_escalation: null
  read_escalation: null
  dismiss_steps: null
  retry_assessment: Assessment
  desk_snapshot: Desk
  escalation_snapshot: EscalationSnapshot
  chat_escalation: EscalationSnapshot | null
  read_escalations: EscalationPage
  escalation_metrics: EscalationMetrics
  set_ladder: Ladder
  preview_ladder: LadderPreview
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
  /** It waits until somebody answers its escalation. */
  held: boolean
  /** Since somebody last spoke: by turns, those that came to nothing too, and by compactions. */
  spent_usd: number
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
/** RPC `claim_assessment(escalation_id, worker, lease_seconds)`, for the service role; null when there is nothing to claim. */
export type ClaimedAssessment = {
  /** Fences whatever the worker writes: BT061 when it is stale. */
  token: number
  escalation: Escalation
  snapshot: StuckSnapshot
  assessment: Assessment
}

/** RPC `claim_build(worker, lease_seconds, held, kinds)`, for the service role; null when there is nothing to build. */
export type ClaimedBuild = {
  /** Fences whatever the builder writes: BT040 when it is stale. */
  token: number
  lease_expires_at: string
  build: Build
  project: Pick<Project, 'id' | 'team_id' | 'name' | 'slug'>
  /** The public ones, for `import.meta.env`. */
  variables: Record<string, string>
  sources: BuildSources
}
export type BuildSources = {
  version: number
  /** The version that the builder holds, on which `files` and `removed` go on; null: `files` is the whole tree. */
  base_version: number | null
  /** By path. Null: too much for one answer; read it with `read_build_sources`. */
  files: { path: string; hash: string; size: number; content: string | null }[]
  removed: string[]
}
/** RPC `finish_build(…)`. */
export type FinishedBuild = { deployment_id: string; state: 'succeeded' }
/** RPC `live_deployment(host_kind, label)`, for the preview host; null when there is no such address. */
export type LiveDeployment = {
  host: Omit<Host, 'key'>
  /** False: private, and the label did not have its key. Then nothing else is told. */
  allowed: boolean
  project_name: string | null
  archived: boolean
  /** `fresh` are texts, by hash, that are not in Storage yet. */
  deployment: (Deployment & { manifest: Manifest; fresh: Record<string, string> }) | null
  /** The newest one that is not superseded. */
  build: Build | null
}
