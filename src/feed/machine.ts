import type { BatonError } from '../../supabase/functions/_shared/errors.ts'
import type { BatonEvent, EventPage, Hint } from '../../supabase/functions/_shared/protocol.ts'
import type { Failure } from './failure.ts'
import type { Sequenced } from './feed.ts'
import type { Early } from './in-order.ts'
import type { LeaveReason } from './transport.ts'

/** What the feed of one topic knows. `step.ts` says how it changes and why. */
export type Machine = {
  phase: 'open' | 'denied' | 'stopped'
  channel: 'out' | 'joining' | 'joined'
  /** Counts joins, so that news of an earlier channel is recognised. */
  joins: number
  online: boolean
  seq: number | null
  early: Early
  flight: { request: number; after: number } | null
  requests: number
  heard: number
  again: boolean
  /** Nothing is known to be missing since the channel was joined. */
  caughtUp: boolean
  settling: boolean
  /** A page was read on top of the present snapshot. */
  proven: boolean
  failures: number
  refusals: number
  error: BatonError | null
  /** Something is on screen. */
  shown: boolean
}

export type Timer = 'read' | 'join'

export type Input<Snapshot extends Sequenced> =
  /** `seq` of a snapshot that an earlier feed left in the cache. */
  | { type: 'started'; seq: number | null; online: boolean }
  | { type: 'joined'; join: number }
  | { type: 'left'; join: number; reason: LeaveReason }
  | { type: 'hinted'; hint: Hint }
  | { type: 'snapshotLoaded'; request: number; snapshot: Snapshot }
  | { type: 'pageLoaded'; request: number; page: EventPage }
  | { type: 'requestFailed'; request: number; failure: Failure }
  | { type: 'applyFailed'; failure: Failure }
  | { type: 'due'; timer: Timer }
  | { type: 'woken' }
  | { type: 'online' }
  | { type: 'offline' }
  | { type: 'tokenChanged' }
  | { type: 'accessDoubted' }
  | { type: 'stopped' }

export type Effect<Snapshot extends Sequenced> =
  | { type: 'join'; join: number }
  | { type: 'leave' }
  | { type: 'loadSnapshot'; request: number }
  | { type: 'readEvents'; request: number; after: number }
  | { type: 'cancel' }
  | { type: 'replace'; snapshot: Snapshot }
  | { type: 'apply'; events: readonly BatonEvent[] }
  | { type: 'remove' }
  | { type: 'schedule'; timer: Timer; delay: number }
  | { type: 'unschedule'; timer: Timer }

export type Step<Snapshot extends Sequenced> = { state: Machine; effects: Effect<Snapshot>[] }

export const INITIAL: Machine = {
  phase: 'open',
  channel: 'out',
  joins: 0,
  online: true,
  seq: null,
  early: new Map(),
  flight: null,
  requests: 0,
  heard: 0,
  again: false,
  caughtUp: false,
  settling: false,
  proven: false,
  failures: 0,
  refusals: 0,
  error: null,
  shown: false,
}
