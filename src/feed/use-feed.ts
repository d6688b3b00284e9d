import { useCallback, useInsertionEffect, useRef, useSyncExternalStore } from 'react'
import type { FeedSpec, FeedStatus, Sequenced } from './feed.ts'
import { useFeedHub } from './feed-provider.tsx'

const NOTHING_TO_FOLLOW: FeedStatus = { state: 'loading' }

/** Follows a topic while the component is mounted. A spec may be made anew at each render: its topic is what counts. */
export function useFeed<Snapshot extends Sequenced>(spec: FeedSpec<Snapshot> | null): FeedStatus {
  const hub = useFeedHub()
  const topic = spec?.topic ?? null
  const latest = useRef(spec)
  useInsertionEffect(() => {
    latest.current = spec
  })

  const subscribe = useCallback(
    (listener: () => void) =>
      latest.current?.topic === topic && latest.current ? hub.follow(latest.current, listener) : () => {},
    [hub, topic],
  )
  const status = useCallback(() => (topic ? hub.status(topic) : NOTHING_TO_FOLLOW), [hub, topic])
  return useSyncExternalStore(subscribe, status)
}
