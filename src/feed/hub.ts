import { hashKey } from '@tanstack/react-query'
import { type Clock, systemClock } from './clock.ts'
import type { Feed, FeedSpec, FeedStatus } from './feed.ts'

/** Long enough to go to another page and back without leaving the channel. */
const LINGER = 5_000
const NOT_OPEN: FeedStatus = { state: 'loading' }

/** One feed per topic and snapshot, however many components follow it. */
export type FeedHub = {
  follow(spec: FeedSpec, listener: () => void): () => void
  status(key: string): FeedStatus
  close(): void
}

type Entry = { feed: Feed; followers: number; keep: () => void }

export const feedKey = ({ topic, queryKey }: Pick<FeedSpec, 'topic' | 'queryKey'>) =>
  `${topic} ${hashKey(queryKey)}`

export function createFeedHub(open: (spec: FeedSpec) => Feed, clock: Clock = systemClock): FeedHub {
  const entries = new Map<string, Entry>()

  function follow(spec: FeedSpec, listener: () => void) {
    const key = feedKey(spec)
    const entry = entries.get(key) ?? enter(key, spec)
    entry.keep()
    entry.followers += 1
    const unsubscribe = entry.feed.subscribe(listener)
    return () => {
      unsubscribe()
      entry.followers -= 1
      if (entry.followers === 0) entry.keep = clock.after(LINGER, () => leave(key, entry))
    }
  }

  function enter(key: string, spec: FeedSpec): Entry {
    const entry = { feed: open(spec), followers: 0, keep: () => {} }
    entries.set(key, entry)
    return entry
  }

  function leave(key: string, entry: Entry) {
    entry.feed.close()
    if (entries.get(key) === entry) entries.delete(key)
  }

  return {
    follow,
    status: (key) => entries.get(key)?.feed.status() ?? NOT_OPEN,
    close() {
      for (const [key, entry] of entries) {
        entry.keep()
        leave(key, entry)
      }
    },
  }
}
