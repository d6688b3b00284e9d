import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import { createFeedHub, type FeedHub } from './hub.ts'
import { openFeed } from './open-feed.ts'
import { sharingChannels } from './shared-channels.ts'
import type { FeedTransport } from './transport.ts'

const TransportContext = createContext<FeedTransport | null>(null)
const FeedContext = createContext<FeedHub | null>(null)

export function FeedProvider({ transport, children }: { transport: FeedTransport; children: ReactNode }) {
  const queryClient = useQueryClient()
  const hub = useMemo(() => {
    const shared = sharingChannels(transport)
    return createFeedHub((spec) => openFeed(spec, { transport: shared, queryClient }))
  }, [transport, queryClient])
  useEffect(() => () => hub.close(), [hub])
  return (
    <TransportContext value={transport}>
      <FeedContext value={hub}>{children}</FeedContext>
    </TransportContext>
  )
}

export function useFeedHub(): FeedHub {
  const hub = useContext(FeedContext)
  if (!hub) throw new Error('useFeed needs a FeedProvider around it.')
  return hub
}

/** For what is not a feed, and goes over the same sockets: presence. */
export function useFeedTransport(): FeedTransport {
  const transport = useContext(TransportContext)
  if (!transport) throw new Error('useFeedTransport needs a FeedProvider around it.')
  return transport
}
