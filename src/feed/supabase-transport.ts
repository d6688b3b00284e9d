/**
 * The only file that knows supabase-js channels. realtime-js reconnects a lost socket and rejoins its channels by
 * itself; that is left to it. A refused join it would also retry, without end or jitter: such a channel is removed,
 * and the feed decides when to come again. A channel that is still leaving would be handed out again under its name,
 * so a new join waits until it is gone.
 */
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js'
import {
  type EventPage,
  HINT_EVENT,
  type Hint,
  type Topic,
} from '../../supabase/functions/_shared/protocol.ts'
import type { ChannelHandlers, FeedTransport } from './transport.ts'

export function supabaseTransport(supabase: () => Promise<SupabaseClient>): FeedTransport {
  const leaving = new Map<Topic, Promise<unknown>>()

  function join(topic: Topic, handlers: ChannelHandlers) {
    let channel: RealtimeChannel | null = null
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      if (channel) leaving.set(topic, remove(channel))
    }
    const refuse = () => {
      if (isOver) return
      end()
      handlers.left('refused')
    }

    const enter = async () => {
      const client = await supabase()
      await leaving.get(topic)
      await client.realtime.setAuth()
      if (isOver) return
      channel = client.channel(topic, { config: { private: true } })
      channel.on('broadcast', { event: HINT_EVENT }, ({ payload }) => {
        if (!isOver && isHint(payload) && payload.topic === topic) handlers.hinted(payload)
      })
      channel.subscribe((status, error) => {
        if (isOver) return
        if (status === 'SUBSCRIBED') handlers.joined()
        else if (status === 'CLOSED' || isRefusal(error)) refuse()
        else handlers.left('disconnected')
      })
    }
    enter().catch(refuse)
    return end
  }

  async function remove(channel: RealtimeChannel) {
    const client = await supabase()
    return client.removeChannel(channel)
  }

  async function readEvents(topic: Topic, after: number, max: number, signal: AbortSignal) {
    const client = await supabase()
    const { data, error } = await client
      .rpc('read_events', { topic, after_seq: after, max_events: max })
      .abortSignal(signal)
    if (error) throw error
    return data as EventPage
  }

  function onTokenChange(listener: () => void) {
    let isOver = false
    let unsubscribe = () => {}
    const listen = ({ auth }: SupabaseClient) => {
      if (isOver) return
      const { data } = auth.onAuthStateChange((event) => {
        if (event === 'TOKEN_REFRESHED' || event === 'SIGNED_IN') listener()
      })
      unsubscribe = () => data.subscription.unsubscribe()
    }
    // A client that cannot be loaded fails every join and every read, and is reported there.
    supabase().then(listen, () => {})
    return () => {
      isOver = true
      unsubscribe()
    }
  }

  return { join, readEvents, onTokenChange }
}

/** The server answered the join with a reason; a lost socket has a close event as its cause, with a number as code. */
function isRefusal(error: Error | undefined): boolean {
  const cause = Object(error?.cause) as { reason?: unknown; code?: unknown }
  return typeof cause.reason === 'string' && typeof cause.code !== 'number'
}

function isHint(payload: unknown): payload is Hint {
  const { topic, seq, kind, at } = Object(payload) as Record<keyof Hint, unknown>
  return (
    typeof topic === 'string' && Number.isInteger(seq) && typeof kind === 'string' && typeof at === 'string'
  )
}
