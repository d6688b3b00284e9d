/** What a tool is. It reads through its workspace and says what should happen; the database makes it happen, or not. */

import type {
  Build,
  BuildError,
  Confidence,
  Deployment,
  PlanItem,
  PreviewError,
  Priority,
} from '../../_shared/protocol.ts'
import { storable } from '../storable.ts'
import type { Schema } from './check-input.ts'

/** `base_version` is the version that the change was made on; 0 means that there must be no such file. */
export type Effect =
  | { kind: 'write'; path: string; content: string; base_version: number }
  | { kind: 'delete'; path: string; base_version: number }
  | { kind: 'move'; from: string; to: string; base_version: number }
  | { kind: 'rename_app'; name: string }
  | { kind: 'set_plan'; items: PlanItem[] }
  | { kind: 'escalate'; reason: string; note: string; priority: Priority; confidence: Confidence }

export type Question = {
  question: string
  options: { label: string; description?: string }[]
  multiple: boolean
  free_text: boolean
}

/** Whether to go on with a plan. */
export type Proposal = { plan: PlanItem[] }

export type Outcome =
  | { kind: 'done'; result: string; effects: Effect[] }
  /** The call stays open until a person answers. */
  | { kind: 'asked'; question: Question | Proposal }

export type FileEntry = { path: string; version: number; size: number }
export type FileContent = FileEntry & { content: string }

/** The files of the project as they are now, and which version of each this run has seen. */
export type Workspace = {
  list(): Promise<FileEntry[]>
  read(path: string): Promise<FileContent | null>
  readAll(): Promise<FileContent[]>
  versionSeen(path: string): number | undefined
  saw(path: string, version: number): void
}

/** RPC `read_preview_state(project_id)`. `reported` is what the running preview told, of what it shows now. */
export type PreviewState = {
  /** Of the files, now. */
  version: number
  build: (Build & { type_errors: BuildError[] | null }) | null
  shown: Deployment | null
  reported: PreviewError[]
}
export type Preview = {
  state(): Promise<PreviewState>
  /** What an open preview shows; null when nobody has one open, or none answers in time. */
  ask(waitSeconds: number): Promise<Record<string, unknown> | null>
  /** Until it is worth looking again. */
  pause(): Promise<unknown>
}

export type Tool<Input = never> = {
  name: string
  description: string
  schema: Schema & { type: 'object' }
  /** What it may do: the runner refuses effects of one that only reads. */
  permission: 'read' | 'write' | 'ask' | 'write or ask'
  limitMs: number
  /** Calls that touch the same path run in the order of their blocks. */
  paths(input: Input): string[]
  run(input: Input, workspace: Workspace, preview: Preview): Promise<Outcome>
}

export const LIMIT_MS = 180_000

/** Why a call failed, in words that help the model to do better. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
  readonly type: string
  constructor(type: string, message: string) {
    super(storable(message))
    this.type = type
  }
}

/** Somebody else wrote it in the meantime. */
export const changedSince = (path: string) =>
  new ToolError(
    'file_changed',
    `Somebody changed ${path} since you last saw it, so nothing was done. Read it again, then make your change on top of theirs.`,
  )

export const done = (result: string, effects: Effect[] = []): Outcome => ({ kind: 'done', result, effects })

/** The version to base a change on: what was seen, else what is there. So nobody's change is overwritten unseen. */
export async function baseVersion(path: string, workspace: Workspace): Promise<number> {
  const seen = workspace.versionSeen(path)
  if (seen !== undefined) return seen
  const files = await workspace.list()
  return files.find((file) => file.path === path)?.version ?? 0
}
