import type { FeedStatus } from './feed.ts'
import type { Machine } from './machine.ts'

/** One failed attempt is not worth a message when something is on screen. */
const PATIENCE = 3

export function statusOf(machine: Machine): FeedStatus {
  const { error } = machine
  return { state: stateOf(machine), ...(error ? { error } : {}) }
}

function stateOf(machine: Machine): FeedStatus['state'] {
  if (machine.phase === 'denied') return 'denied'
  if (!machine.online) return 'offline'
  if (machine.failures >= (machine.shown ? PATIENCE : 1)) return 'failed'
  if (!machine.shown) return 'loading'
  return machine.channel === 'joined' && machine.caughtUp ? 'live' : 'catching-up'
}

export function isSameStatus(one: FeedStatus, other: FeedStatus): boolean {
  return one.state === other.state && one.error === other.error
}
