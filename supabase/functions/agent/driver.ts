/** What a worker has at hand: that of its process, that of one run, and what it remembers from step to step. */
import type { Log } from '../_shared/log.ts'
import type { ClaimedRun, Entry } from '../_shared/protocol.ts'
import type { AttachmentStore } from './attachment-store.ts'
import type { Load } from './coalesce.ts'
import type { Connections } from './connections.ts'
import type { Pass } from './faults.ts'
import type { Model } from './model.ts'
import type { Rows } from './rows.ts'
import type { ToolRunner } from './run-tools.ts'
import type { Settings } from './settings.ts'

export type World = {
  settings: Settings
  connections: Connections
  model: Model
  attachments: AttachmentStore
  pass: Pass
  load: Load
  /** Aborted when the platform is about to end this process. */
  leaving: AbortSignal
  /** When its time began. */
  startedAt: number
}

export type End =
  | 'nothing to claim'
  | 'completed'
  | 'failed'
  | 'waits for a person'
  | 'handed over'
  | 'lease lost'
  | 'database away'

export type Driver = {
  claim: ClaimedRun
  rows: Rows
  world: World
  /** Aborted when this worker is to stop, for whatever reason. */
  signal: AbortSignal
  /** Its writes no longer count. */
  onBroken(error: unknown): void
  log: Log
}

/** All of it can be found again. */
export type Memory = {
  history: Entry[]
  tools: ToolRunner
  withoutThinking: boolean
  tooLong: boolean
}
