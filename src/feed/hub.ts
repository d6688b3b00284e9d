import type { Topic } from '../../supabase/functions/_shared/protocol.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Feed, FeedSpec, FeedStatus } from './feed.ts'

/** Long enough to go to another page and back without leaving the channel. */
const LINGER = 5_000
const NOT_OPEN: FeedStatus = { state: 'loading' }

/** One feed per topic, however many components follow it. */
export type FeedHub = {
  follow(spec: FeedSpec, listener: () => void): () => void
  status(topic: Topic): FeedStatus
  close(): void
}

type Entry = { feed: Feed; followers: number; keep: () => void }

export function createFeedHub(open: (spec: FeedSpec) => Feed, clock: Clock = systemClock): FeedHub {
  const entries = new Map<Topic, Entry>()

  function follow(spec: FeedSpec, listener: () => void) {
    const entry = entries.get(spec.topic) ?? enter(spec)
    entry.keep()
    entry.followers += 1
    const unsubscribe = entry.feed.subscribe(listener)
    return () => {
      unsubscribe()
      entry.followers -= 1
      if (entry.followers === 0) entry.keep = clock.after(LINGER, () => leave(spec.topic, entry))
    }
  }

  function enter(spec: FeedSpec): Entry {
    const entry = { feed: open(spec), followers: 0, keep: () => {} }
    entries.set(spec.topic, entry)
    return entry
  }

  function leave(topic: Topic, entry: Entry) {
    entry.feed.close()
    if (entries.get(topic) === entry) entries.delete(topic)
  }

  return {
    follow,
    status: (topic) => entries.get(topic)?.feed.status() ?? NOT_OPEN,
    close() {
      for (const [topic, entry] of entries) {
        entry.keep()
        leave(topic, entry)
      }
    },
  }
}
