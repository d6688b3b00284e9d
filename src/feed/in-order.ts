import type { BatonEvent } from '../../supabase/functions/_shared/protocol.ts'

/** Events that came too early, by seq. */
export type Early = ReadonlyMap<number, BatonEvent>

/** What is dropped beyond this is read from the table, so the limit costs time and never an event. */
export const EARLY_LIMIT = 256

/**
 * Takes events as they come and gives back those that are next in line: each seq once, without gaps, after `seq`.
 */
export function inOrder(seq: number, early: Early, events: readonly BatonEvent[]) {
  const ready: BatonEvent[] = []
  const waiting = new Map(early)
  let last = seq
  const take = (event: BatonEvent) => {
    ready.push(event)
    last = event.seq
  }

  for (const event of events) {
    if (event.seq === last + 1) take(event)
    else if (event.seq > last && waiting.size < EARLY_LIMIT) waiting.set(event.seq, event)
  }
  for (let next = waiting.get(last + 1); next; next = waiting.get(last + 1)) take(next)
  for (const early of waiting.keys()) if (early <= last) waiting.delete(early)
  return { ready, seq: last, early: waiting as Early }
}
