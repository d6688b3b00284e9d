/**
 * The snapshot on screen. The first event after a quiet moment is drawn at once; those that follow within a frame are
 * drawn together, so that a burst costs one write to the query cache per frame. Timers rather than animation frames:
 * a hidden tab has no frames, and its title still counts what waits.
 */
import type { QueryClient } from '@tanstack/react-query'
import type { BatonEvent } from '../../supabase/functions/_shared/protocol.ts'
import type { Clock } from './clock.ts'
import type { FeedSpec, Sequenced } from './feed.ts'

const FRAME = 16

export function createFold<Snapshot extends Sequenced>(
  spec: FeedSpec<Snapshot>,
  queryClient: QueryClient,
  clock: Clock,
  onBroken: (cause: unknown) => void,
) {
  let snapshot = queryClient.getQueryData<Snapshot>(spec.queryKey) ?? null
  let waiting: BatonEvent[] = []
  let drawnAt = Number.NEGATIVE_INFINITY
  let cancelDrawing: (() => void) | null = null

  function replace(next: Snapshot) {
    forgetWaiting()
    write(next)
  }

  function apply(events: readonly BatonEvent[]) {
    waiting = waiting.concat(events)
    if (clock.now() - drawnAt >= FRAME) draw()
    else cancelDrawing ??= clock.after(FRAME, draw)
  }

  function draw() {
    const events = waiting
    forgetWaiting()
    if (!snapshot) return
    try {
      const next = events.reduce(withEvent, snapshot)
      if (next !== snapshot) write(next)
    } catch (cause) {
      onBroken(cause)
    }
  }

  /** Nobody draws anew for what changed nothing: most events of a project are about one of its chats. */
  function withEvent(before: Snapshot, event: BatonEvent): Snapshot {
    const after = spec.apply(before, event)
    if (after !== before) return { ...after, seq: event.seq }
    before.seq = event.seq
    return before
  }

  function write(next: Snapshot) {
    snapshot = next
    drawnAt = clock.now()
    queryClient.setQueryData<Snapshot>(spec.queryKey, next)
  }

  /** Resets before removing, for whoever still shows the data hears of a reset alone. */
  function remove() {
    forgetWaiting()
    snapshot = null
    queryClient.getQueryCache().find({ queryKey: spec.queryKey, exact: true })?.reset()
    queryClient.removeQueries({ queryKey: spec.queryKey, exact: true })
  }

  function forgetWaiting() {
    waiting = []
    cancelDrawing?.()
    cancelDrawing = null
  }

  return { seq: () => snapshot?.seq ?? null, replace, apply, draw, remove }
}
