import type { EventPage, Hint, Topic } from '../../supabase/functions/_shared/protocol.ts'

/**
 * How a feed reaches the server. `join` returns the way to leave, after which no handler is called any more.
 * A `disconnected` channel comes back on its own and reports `joined` again; a `refused` one is over.
 */
export type FeedTransport = {
  join(topic: Topic, handlers: ChannelHandlers): () => void
  readEvents(topic: Topic, after: number, max: number, signal: AbortSignal): Promise<EventPage>
  onTokenChange?(listener: () => void): () => void
}

export type ChannelHandlers = {
  joined(): void
  left(reason: LeaveReason): void
  hinted(hint: Hint): void
}

export type LeaveReason = 'disconnected' | 'refused'
