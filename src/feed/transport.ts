import type { EventPage, Hint, Topic } from '../../supabase/functions/_shared/protocol.ts'

/**
 * How a feed reaches the server. `join` returns the way to leave, after which no handler is called any more.
 * A `disconnected` channel comes back on its own and reports `joined` again; a `refused` one is over.
 */
export type FeedTransport = {
  join(topic: Topic, handlers: ChannelHandlers): () => void
  readEvents(topic: Topic, after: number, max: number, signal: AbortSignal): Promise<EventPage>
  onTokenChange?(listener: () => void): () => void
  /** Takes part in the presence of a topic, one at a time, for as long as a feed follows it. */
  participate?(topic: Topic, seen: Seen): Showing
}

/** What every client shows, in no order, each time something changes. Whatever it is: anyone can show anything. */
export type Seen = (states: unknown[]) => void

/** `null` shows nothing any more. The server takes 5 calls in 30 seconds, and closes the channel of who makes more. */
export type Showing = { show(state: object | null): void; leave(): void }

export type ChannelHandlers = {
  joined(): void
  left(reason: LeaveReason): void
  hinted(hint: Hint): void
}

export type LeaveReason = 'disconnected' | 'refused'
