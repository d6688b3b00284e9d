/** The rows that a worker reads, as the database gives them. */
import type {
  Chat,
  Entry,
  PlanItem,
  Project,
  Question,
  Run,
  Stage,
  ToolCall,
  Turn,
} from '../_shared/protocol.ts'

export type { Attachment, Entry, Run, Stage, ToolCall, Turn } from '../_shared/protocol.ts'

export type Claim = {
  token: number
  lease_expires_at: string
  run: Run
  stage: Stage
  chat: Chat
  project: Project
  plan: PlanItem[]
}

/** `tool_calls` are those of the last turn that was kept, and all that have not ended. */
export type RunRows = {
  run: Run
  stage: Stage
  turns: Turn[]
  tool_calls: ToolCall[]
  questions: Question[]
  queued_messages: number
}

/** Said by the model; all else is said to it. */
export const isAnswer = ({ kind }: Entry) =>
  kind === 'text' || kind === 'thinking' || kind === 'redacted_thinking' || kind === 'tool_use'
