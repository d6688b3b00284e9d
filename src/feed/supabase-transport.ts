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
import { toBatonError } from '../errors.ts'
import { createPresences, hasPresence } from './presence.ts'
import type { ChannelHandlers, FeedTransport } from './transport.ts'

/** `watchToken` tells of each new token of the person, if the client is not given one that lasts. */
export function supabaseTransport(
  supabase: () => Promise<SupabaseClient>,
  watchToken?: (listener: () => void) => () => void,
): FeedTransport {
  const leaving = new Map<Topic, Promise<unknown>>()
  const presences = createPresences()

  function join(topic: Topic, handlers: ChannelHandlers) {
    let channel: RealtimeChannel | null = null
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      presences.leave(topic)
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
      const presence = { key: '', enabled: hasPresence(topic) }
      channel = client.channel(topic, { config: { private: true, presence } })
      if (presence.enabled) presences.attach(topic, channel)
      channel.on('broadcast', { event: HINT_EVENT }, ({ payload }) => {
        if (!isOver && isHint(payload) && payload.topic === topic) handlers.hinted(payload)
      })
      channel.subscribe((status, error) => {
        if (isOver) return
        if (status === 'SUBSCRIBED') {
          if (channel) presences.enter(topic, channel)
          return handlers.joined()
        }
        presences.leave(topic)
        if (status === 'CLOSED' || isRefusal(error)) refuse()
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
    const { data, error, status } = await client
      .rpc('read_events', { topic, after_seq: after, max_events: max })
      .abortSignal(signal)
    if (error) throw toBatonError({ ...error, message: error.message, status })
    return data as EventPage
  }

  const { participate } = presences
  if (!watchToken) return { join, readEvents, participate }
  const renewToken = async () => (await supabase()).realtime.setAuth()
  const onTokenChange = (listener: () => void) => watchToken(() => renewToken().then(listener, listener))
  return { join, readEvents, onTokenChange, participate }
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
