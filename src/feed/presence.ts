/**
 * Who shows what on the channels of the feeds. A channel comes and goes with its feeds, and loses what was shown when the
 * socket does; so what is to be shown is kept here, and shown again whenever the channel is joined.
 */
import type { RealtimeChannel } from '@supabase/supabase-js'
import type { Topic } from '../../supabase/functions/_shared/protocol.ts'
import type { Seen, Showing } from './transport.ts'

/** Only there somebody looks, and only there it costs. */
export const hasPresence = (topic: Topic) => topic.startsWith('project:')

type Participant = { shown: object | null; seen: Seen }

export function createPresences() {
  const participants = new Map<Topic, Participant>()
  const joined = new Map<Topic, RealtimeChannel>()

  function participate(topic: Topic, seen: Seen): Showing {
    const participant: Participant = { shown: null, seen }
    participants.set(topic, participant)
    look(topic)
    const isOver = () => participants.get(topic) !== participant
    const show = (state: object | null) => {
      if (isOver()) return
      participant.shown = state
      const channel = joined.get(topic)
      if (channel) send(channel, state)
    }
    return {
      show,
      leave() {
        if (isOver()) return
        if (participant.shown) show(null)
        participants.delete(topic)
      },
    }
  }

  /** Before it subscribes. */
  function attach(topic: Topic, channel: RealtimeChannel) {
    tellNobodyOfJoinsAndLeaves(channel)
    channel.on('presence', { event: 'sync' }, () => look(topic))
  }

  function enter(topic: Topic, channel: RealtimeChannel) {
    joined.set(topic, channel)
    const shown = participants.get(topic)?.shown
    if (shown) send(channel, shown)
  }

  /** Whoever cannot be heard is not there. */
  function leave(topic: Topic) {
    if (joined.delete(topic)) look(topic)
  }

  function look(topic: Topic) {
    const channel = joined.get(topic)
    const states = channel ? Object.values(channel.presenceState()).flat() : []
    participants.get(topic)?.seen(states)
  }

  return { participate, attach, enter, leave }
}

function send(channel: RealtimeChannel, state: object | null): void {
  const sent = state ? channel.track(state as Record<string, unknown>) : channel.untrack()
  // What is not heard of now is shown again with the next change, or when the channel is joined again.
  sent.catch(() => undefined)
}

type Telling = {
  presenceAdapter?: { presence?: { onJoin(tell: () => void): void; onLeave(tell: () => void): void } }
}

/** realtime-js spoils the refs of its own state when it tells of joins and leaves, and then keeps who left (#2565). */
function tellNobodyOfJoinsAndLeaves(channel: RealtimeChannel): void {
  const presence = (channel.presence as unknown as Telling).presenceAdapter?.presence
  presence?.onJoin(() => {})
  presence?.onLeave(() => {})
}
