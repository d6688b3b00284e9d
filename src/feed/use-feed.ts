import { useCallback, useInsertionEffect, useRef, useSyncExternalStore } from 'react'
import type { FeedSpec, FeedStatus, Sequenced } from './feed.ts'
import { useFeedHub } from './feed-provider.tsx'
import { feedKey } from './hub.ts'

const NOTHING_TO_FOLLOW: FeedStatus = { state: 'loading' }

/** Follows while the component is mounted. A spec may be made anew at each render: its topic and query key count. */
export function useFeed<Snapshot extends Sequenced>(spec: FeedSpec<Snapshot> | null): FeedStatus {
  const hub = useFeedHub()
  const key = spec && feedKey(spec)
  const latest = useRef(spec)
  useInsertionEffect(() => {
    latest.current = spec
  })

  const subscribe = useCallback(
    (listener: () => void) => {
      const current = latest.current
      return current && feedKey(current) === key ? hub.follow(current, listener) : () => {}
    },
    [hub, key],
  )
  const status = useCallback(() => (key ? hub.status(key) : NOTHING_TO_FOLLOW), [hub, key])
  return useSyncExternalStore(subscribe, status)
}
