/**
 * The feed as a pure machine: inputs in, effects out. The shell (`open-feed.ts`) carries the effects out and reports
 * what came of them. Nothing here knows React, Supabase, a clock or a random source.
 *
 * What it promises: each event of the topic is applied exactly once, in order of `seq`, on top of a snapshot,
 * whatever the socket does. Realtime is only a hint. The table is the truth, and it is asked again after everything
 * that could have hidden an event: a join, a gap, a hint without its payload, a tab that wakes, a slow timer.
 *
 * - `seq` is the last event applied. Only `seq + 1` is ever applied; what comes later waits in `early`, what came
 *   before is a repeat. `seq` is null while there is nothing to build on; then every event waits for the snapshot.
 * - One request at a time (`flight`), a snapshot or a page, each with a number; an answer with another number is an
 *   answer to a question that was given up. What happens meanwhile is remembered in two ways. `heard` is the highest
 *   seq that a hint named since the request left: a higher one than we then have means to read again. `again` says
 *   that the answer may be older than something that happened (a join, a wake), so it cannot settle the matter.
 *   Whatever was heard before the request left was committed before it, so `heard` starts from 0 with each request:
 *   a hint that lies costs one read and no more.
 * - The channel is joined and the snapshot loaded at the same time, for the first paint must not wait for a socket.
 *   Nothing falls between, because `joined` always leads to a read that starts after it. Some servers deliver only
 *   a moment after they say so, hence one early look (`settling`) before the slow rhythm.
 * - It cannot spin. A request follows another at once only if the first one brought events, or if an input came
 *   meanwhile. An answer that promises more but brings nothing is a failure, and so is a reset that follows a reset.
 *   After a failure only the timer, or a sign that the world changed (wake, join, new token), starts the next one.
 * - The right to read is decided by the table, not by the channel. A refused channel may just have had an old token,
 *   and an open one outlives the right: so a refusal leads to a read, whose answer is final. A refusal costs the
 *   server five seconds, so the next join waits at least that long.
 *
 * Turned down: applying hints only after a read (a round trip for every event), reading only after hints (a lost hint
 * would stay lost), letting realtime-js retry refused joins (no jitter, and it never asks whether we may still read).
 */
import { BatonError } from '../../supabase/functions/_shared/errors.ts'
import type { BatonEvent, EventPage, Hint } from '../../supabase/functions/_shared/protocol.ts'
import { backoff, jittered, type Random } from './backoff.ts'
import type { Failure } from './failure.ts'
import type { Sequenced } from './feed.ts'
import { inOrder } from './in-order.ts'
import type { Effect, Input, Machine, Step } from './machine.ts'
import type { LeaveReason } from './transport.ts'

export const POLL_WHEN_LIVE = 30_000
export const POLL_AFTER_JOIN = 3_000
export const POLL_WITHOUT_CHANNEL = 5_000
const FIRST_RETRY = 500
const LONGEST_RETRY = 30_000
const FIRST_REJOIN = 10_000
const LONGEST_REJOIN = 120_000
/** Before every event, so that none is next in line. */
const NO_BASE = -1
const BROKEN_LOG: Failure = {
  denied: false,
  error: new BatonError('unknown', 'The log of this topic does not continue its snapshot.'),
}

export function step<Snapshot extends Sequenced>(
  state: Machine,
  input: Input<Snapshot>,
  random: Random,
): Step<Snapshot> {
  const now: Step<Snapshot> = { state, effects: [] }
  if (input.type === 'stopped') return stop(now)
  if (state.phase !== 'open') return now
  switch (input.type) {
    case 'started':
      return start(now, input.seq, input.online)
    case 'joined':
      return input.join === state.joins ? joined(now) : now
    case 'left':
      return input.join === state.joins ? left(now, input.reason, random) : now
    case 'hinted':
      return hinted(now, input.hint)
    case 'snapshotLoaded':
      return input.request === state.flight?.request ? snapshotLoaded(now, input.snapshot, random) : now
    case 'pageLoaded':
      return input.request === state.flight?.request ? pageLoaded(now, input.page, random) : now
    case 'requestFailed':
      return input.request === state.flight?.request ? failed(now, input.failure, random) : now
    case 'applyFailed':
      return failed(withoutBase(now), input.failure, random)
    case 'due':
      return input.timer === 'join' ? join(now) : due(now)
    case 'woken':
      return read(now)
    case 'online':
      return read(change(now, { online: true }))
    case 'offline':
      return change(now, { online: false }, { type: 'unschedule', timer: 'read' })
    case 'tokenChanged':
      return tokenChanged(now)
    case 'accessDoubted':
      return readUnlessCooling(now)
  }
}

function start<S extends Sequenced>(now: Step<S>, seq: number | null, online: boolean): Step<S> {
  return read(join(change(now, { seq, online, shown: seq !== null, proven: seq !== null })))
}

function join<S extends Sequenced>(now: Step<S>): Step<S> {
  const joins = now.state.joins + 1
  return change(
    now,
    { joins, channel: 'joining' },
    { type: 'unschedule', timer: 'join' },
    { type: 'join', join: joins },
  )
}

function joined<S extends Sequenced>(now: Step<S>): Step<S> {
  return read(change(now, { channel: 'joined', online: true, caughtUp: false, settling: true }))
}

function left<S extends Sequenced>(now: Step<S>, reason: LeaveReason, random: Random): Step<S> {
  const lost = change(now, { channel: 'joining', caughtUp: false, settling: false })
  const isNews = now.state.channel === 'joined' && isIdle(now.state)
  if (reason === 'disconnected') return isNews ? rest(lost, random) : lost
  const refusals = now.state.refusals + 1
  return readUnlessCooling(
    change(
      lost,
      { channel: 'out', refusals },
      { type: 'leave' },
      {
        type: 'schedule',
        timer: 'join',
        delay: backoff(refusals, FIRST_REJOIN, LONGEST_REJOIN, random),
      },
    ),
  )
}

function hinted<S extends Sequenced>(now: Step<S>, hint: Hint): Step<S> {
  const { seq, heard } = now.state
  if (seq !== null && hint.seq <= seq) return now
  const event = eventOf(hint)
  const taken = take(change(now, { heard: Math.max(heard, hint.seq) }), event ? [event] : [])
  if (taken.state.seq !== null && taken.state.seq >= hint.seq) return taken
  const behind = change(taken, { caughtUp: false })
  return behind.state.flight ? behind : readUnlessCooling(behind)
}

/** The shape was checked where it came in; whether the kind is known is for the fold to say. */
function eventOf({ topic, seq, kind, at, payload }: Hint): BatonEvent | null {
  return payload == null ? null : ({ topic, seq, kind, at, payload } as BatonEvent)
}

/** Applies what is next in line and keeps the rest. */
function take<S extends Sequenced>(now: Step<S>, events: readonly BatonEvent[]): Step<S> {
  const { seq, early } = now.state
  const next = inOrder(seq ?? NO_BASE, early, events)
  if (next.ready.length === 0) return change(now, { early: next.early })
  return change(now, { seq: next.seq, early: next.early }, { type: 'apply', events: next.ready })
}

function readUnlessCooling<S extends Sequenced>(now: Step<S>): Step<S> {
  return now.state.failures > 0 ? now : read(now)
}

/** The one way to ask. While a question is open it is asked again after the answer. */
function read<S extends Sequenced>(now: Step<S>): Step<S> {
  const { flight, online, seq } = now.state
  if (flight) return change(now, { again: true })
  if (!online) return now
  const request = now.state.requests + 1
  return change(
    now,
    { requests: request, flight: { request, after: seq ?? 0 }, heard: 0, again: false },
    { type: 'unschedule', timer: 'read' },
    seq === null ? { type: 'loadSnapshot', request } : { type: 'readEvents', request, after: seq },
  )
}

function snapshotLoaded<S extends Sequenced>(now: Step<S>, snapshot: S, random: Random): Step<S> {
  const based = change(
    now,
    { flight: null, seq: snapshot.seq, shown: true, proven: false },
    { type: 'replace', snapshot },
  )
  const taken = take(based, [])
  return now.state.error === BROKEN_LOG.error ? read(taken) : settle(taken, random)
}

function pageLoaded<S extends Sequenced>(now: Step<S>, page: EventPage, random: Random): Step<S> {
  const after = now.state.flight?.after ?? 0
  const answered = change(now, { flight: null })
  const taken = take(answered, page.events)
  const seq = taken.state.seq ?? after
  const isShort = page.head > seq
  const isUseless = page.reset || page.head < after || (isShort && seq === after)
  if (isUseless) return restart(answered, random)
  const proven = change(taken, { proven: true })
  return isShort ? read(proven) : settle(proven, random)
}

/** The log does not continue our snapshot: it needs a new one. What is on screen stays until that is there. */
function restart<S extends Sequenced>(now: Step<S>, random: Random): Step<S> {
  const bare = withoutBase(now)
  return now.state.proven ? read(bare) : failed(bare, BROKEN_LOG, random)
}

function withoutBase<S extends Sequenced>(now: Step<S>): Step<S> {
  return change(now, { seq: null, caughtUp: false })
}

/** After an answer: done, unless it is already out of date. */
function settle<S extends Sequenced>(now: Step<S>, random: Random): Step<S> {
  const { again, heard, seq } = now.state
  const fine = change(now, { failures: 0, error: null })
  if (again || heard > (seq ?? 0)) return read(fine)
  return rest(change(fine, { caughtUp: true }), random)
}

function rest<S extends Sequenced>(now: Step<S>, random: Random): Step<S> {
  const { channel, settling } = now.state
  const delay = channel !== 'joined' ? POLL_WITHOUT_CHANNEL : settling ? POLL_AFTER_JOIN : POLL_WHEN_LIVE
  return change(now, {}, { type: 'schedule', timer: 'read', delay: jittered(delay, random) })
}

function due<S extends Sequenced>(now: Step<S>): Step<S> {
  if (now.state.flight) return now
  const steady = now.state.channel === 'joined' ? { settling: false, refusals: 0 } : {}
  return read(change(now, steady))
}

function failed<S extends Sequenced>(now: Step<S>, failure: Failure, random: Random): Step<S> {
  if (failure.denied) return deny(now, failure.error)
  const failures = now.state.failures + 1
  return change(
    now,
    { flight: null, failures, error: failure.error },
    { type: 'cancel' },
    { type: 'schedule', timer: 'read', delay: backoff(failures, FIRST_RETRY, LONGEST_RETRY, random) },
  )
}

function tokenChanged<S extends Sequenced>(now: Step<S>): Step<S> {
  const { channel, failures } = now.state
  const entered = channel === 'out' ? join(now) : now
  return failures > 0 ? read(entered) : entered
}

function deny<S extends Sequenced>(now: Step<S>, error: BatonError): Step<S> {
  return change(release(now), { phase: 'denied', error }, { type: 'remove' })
}

function stop<S extends Sequenced>(now: Step<S>): Step<S> {
  if (now.state.phase !== 'open') return change(now, { phase: 'stopped' })
  return change(release(now), { phase: 'stopped' })
}

function release<S extends Sequenced>(now: Step<S>): Step<S> {
  return change(
    now,
    { flight: null, channel: 'out', early: new Map() },
    { type: 'cancel' },
    { type: 'leave' },
    { type: 'unschedule', timer: 'read' },
    { type: 'unschedule', timer: 'join' },
  )
}

function isIdle(state: Machine): boolean {
  return state.flight === null && state.failures === 0 && state.online
}

function change<S extends Sequenced>(
  { state, effects }: Step<S>,
  patch: Partial<Machine>,
  ...more: Effect<S>[]
): Step<S> {
  return { state: { ...state, ...patch }, effects: [...effects, ...more] }
}
