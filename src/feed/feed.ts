import type { QueryKey } from '@tanstack/react-query'
import type { BatonError } from '../../supabase/functions/_shared/errors.ts'
import type { BatonEvent, Topic } from '../../supabase/functions/_shared/protocol.ts'

export type Sequenced = { seq: number }

/** What a topic is on screen: where its snapshot comes from, where it is kept, and how an event changes it. */
export type FeedSpec<Snapshot extends Sequenced = Sequenced> = {
  topic: Topic
  /** The feed alone writes here; components read it with `useQuery` and `skipToken`. */
  queryKey: QueryKey
  load(signal: AbortSignal): Promise<Snapshot>
  /** Pure. The same object when the event changes nothing, so that nothing is drawn. The feed keeps `seq` itself. */
  apply(snapshot: Snapshot, event: BatonEvent): Snapshot
  /** Says which events may have ended the reader's own right to read: the feed then asks the server at once. */
  mayEndAccess?(event: BatonEvent): boolean
}

export type FeedStatus = {
  state: 'loading' | 'live' | 'catching-up' | 'offline' | 'denied' | 'failed'
  error?: BatonError
}

export type Feed = {
  subscribe(listener: () => void): () => void
  /** The same object until something in it changes. */
  status(): FeedStatus
  close(): void
}
