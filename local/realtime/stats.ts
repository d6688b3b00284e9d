import { RateWindow } from './rate-window.ts'

/** Counts since the start, and how many messages go out per second. */
export class Counters {
  sockets = 0
  channels = 0
  received = 0
  delivered = 0
  fromDatabase = 0
  changes = 0
  refusedJoins = 0
  closedSockets = 0
  readonly #recent = new RateWindow(Number.POSITIVE_INFINITY, 10_000, 10)

  deliver(count: number): void {
    this.delivered += count
    this.#recent.add(count, Date.now())
  }

  get perSecond(): number {
    return this.#recent.total(Date.now()) / 10
  }
}

export type Stats = {
  sockets: number
  channels: number
  messagesPerSecond: number
  received: number
  delivered: number
  fromDatabase: number
  changes: number
  refusedJoins: number
  closedSockets: number
  replication: { streaming: boolean; lagMs: number; queuedChanges: number }
}

export function readStats(counters: Counters, replication: Stats['replication']): Stats {
  const { sockets, channels, received, delivered, fromDatabase, changes, refusedJoins, closedSockets } =
    counters
  const totals = {
    sockets,
    channels,
    received,
    delivered,
    fromDatabase,
    changes,
    refusedJoins,
    closedSockets,
  }
  return { ...totals, messagesPerSecond: counters.perSecond, replication }
}

/** In the text form of Prometheus. */
export function renderMetrics(stats: Stats): string {
  const { replication, ...numbers } = stats
  const values = {
    ...numbers,
    replicationStreaming: Number(replication.streaming),
    replicationLagMs: Math.round(replication.lagMs),
    queuedChanges: replication.queuedChanges,
  }
  return Object.entries(values)
    .map(([name, value]) => `realtime_${name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)} ${value}\n`)
    .join('')
}
