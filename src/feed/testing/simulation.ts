/**
 * A table of events and everything that can go wrong between it and a feed. Hints are dropped, repeated, delayed (and
 * so reordered), stripped of their payload, or lost for a moment after a join; reads are slow, fail, or answer with
 * a reset; the channel disconnects and refuses. The table itself never lies.
 */
import type { BatonEvent, EventPage, Topic } from '../../../supabase/functions/_shared/protocol.ts'
import type { FeedSpec } from '../feed.ts'
import type { ChannelHandlers, FeedTransport } from '../transport.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Chances from 0 to 1, times in ms. */
export type Faults = {
  dropped: number
  repeated: number
  stripped: number
  hintDelay: number
  readFails: number
  readDelay: number
  joinRefused: number
  deafAfterJoin: number
}

export const NO_FAULTS: Faults = {
  dropped: 0,
  repeated: 0,
  stripped: 0,
  hintDelay: 0,
  readFails: 0,
  readDelay: 1,
  joinRefused: 0,
  deafAfterJoin: 0,
}

export type Diary = { seq: number; lines: string[] }
type Channel = { handlers: ChannelHandlers; state: 'joining' | 'joined' | 'left'; hearsFrom: number }

const TOPIC: Topic = 'team:simulated'
const SERVERS_PAGE = 7

export function createSimulation(clock: VirtualClock, random: () => number, faults: Faults = NO_FAULTS) {
  const table: BatonEvent[] = []
  const wrongs: string[] = []
  const counts = { requests: 0, joins: 0, hints: 0 }
  const channels = new Set<Channel>()
  let forgotten = 0

  const happens = (chance: number) => random() < chance
  const soon = (longest: number) => 1 + random() * longest

  function append(count: number) {
    for (let n = 0; n < count; n++) {
      const seq = table.length + 1
      const at = new Date(clock.now()).toISOString()
      const event: BatonEvent = { topic: TOPIC, seq, kind: 'team.renamed', payload: { name: `#${seq}` }, at }
      table.push(event)
      for (const channel of channels) hint(channel, event)
    }
  }

  function hint(channel: Channel, event: BatonEvent) {
    if (channel.state !== 'joined' || clock.now() < channel.hearsFrom || happens(faults.dropped)) return
    const { payload, ...bare } = event
    const sent = happens(faults.stripped) ? bare : { ...bare, payload }
    clock.after(random() * faults.hintDelay, () => {
      counts.hints += 1
      channel.handlers.hinted(sent)
    })
    if (happens(faults.repeated)) hint(channel, event)
  }

  function join(_topic: Topic, handlers: ChannelHandlers) {
    counts.joins += 1
    const channel: Channel = { handlers, state: 'joining', hearsFrom: 0 }
    channels.add(channel)
    enter(channel)
    return () => {
      channel.state = 'left'
      channels.delete(channel)
    }
  }

  function enter(channel: Channel) {
    clock.after(soon(100), () => {
      if (channel.state === 'left') return
      if (happens(faults.joinRefused)) return channel.handlers.left('refused')
      channel.state = 'joined'
      channel.hearsFrom = clock.now() + faults.deafAfterJoin
      channel.handlers.joined()
    })
  }

  function disconnect() {
    for (const channel of channels) {
      channel.state = 'joining'
      channel.handlers.left('disconnected')
      enter(channel)
    }
  }

  /** The answer is true at some moment between the question and its arrival. */
  async function answer<Result>(read: () => Result): Promise<Result> {
    counts.requests += 1
    await new Promise<void>((resolve) => clock.after(soon(faults.readDelay), resolve))
    const result = read()
    await new Promise<void>((resolve) => clock.after(soon(faults.readDelay), resolve))
    if (happens(faults.readFails)) throw new Error('The network is down.')
    return result
  }

  function pageAfter(after: number, max: number): EventPage {
    const reset = after < forgotten
    const events = reset ? [] : table.slice(after, after + Math.min(max, SERVERS_PAGE))
    return { head: table.length, reset, events }
  }

  const diary = (): Diary => ({ seq: table.length, lines: table.map(lineOf) })

  const spec: FeedSpec<Diary> = {
    topic: TOPIC,
    queryKey: ['simulated'],
    load: () => answer(diary),
    apply(before, event) {
      if (event.seq !== before.seq + 1) wrongs.push(`${event.seq} was applied after ${before.seq}`)
      return { ...before, lines: [...before.lines, lineOf(event)] }
    },
  }

  const transport: FeedTransport = {
    join,
    readEvents: (_topic, after, max) => answer(() => pageAfter(after, max)),
  }

  return {
    spec,
    transport,
    counts,
    /** What was applied out of turn. */
    wrongs,
    diary,
    append,
    disconnect,
    /** Makes the server drop what it need not keep any longer. */
    forget(share: number) {
      forgotten = Math.max(forgotten, Math.floor(table.length * share))
    },
    heal() {
      Object.assign(faults, NO_FAULTS)
    },
  }
}

function lineOf(event: BatonEvent): string {
  return `${event.seq}: ${JSON.stringify(event.payload)}`
}
