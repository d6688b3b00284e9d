/**
 * Several feeds may follow one topic, each with a snapshot of its own: a project, and each of its chats that is open.
 * They share one channel, which costs the server one join and one message, whoever listens. Each feed still reads the
 * table for itself, so none depends on how far another one is.
 */
import type { Hint, Topic } from '../../supabase/functions/_shared/protocol.ts'
import type { ChannelHandlers, FeedTransport, LeaveReason } from './transport.ts'

type Channel = { isJoined: boolean; followers: Set<ChannelHandlers>; leave(): void }

export function sharingChannels(transport: FeedTransport): FeedTransport {
  const channels = new Map<Topic, Channel>()

  /** A copy of the handlers, so that one who follows twice is two. */
  function join(topic: Topic, handlers: ChannelHandlers) {
    const follower = { ...handlers }
    const channel = channels.get(topic) ?? open(topic)
    channel.followers.add(follower)
    if (channel.isJoined) follower.joined()
    return () => {
      if (channel.followers.delete(follower) && channel.followers.size === 0) close(topic, channel)
    }
  }

  function open(topic: Topic): Channel {
    const channel: Channel = { isJoined: false, followers: new Set(), leave: () => {} }
    channels.set(topic, channel)
    channel.leave = transport.join(topic, {
      joined() {
        channel.isJoined = true
        for (const follower of [...channel.followers]) follower.joined()
      },
      left: (reason) => left(topic, channel, reason),
      hinted(hint: Hint) {
        for (const follower of [...channel.followers]) follower.hinted(hint)
      },
    })
    return channel
  }

  /** Whoever was refused decides alone when to come again: the first who does opens the channel anew, for all. */
  function left(topic: Topic, channel: Channel, reason: LeaveReason) {
    channel.isJoined = false
    const followers = [...channel.followers]
    if (reason === 'refused') {
      channel.followers.clear()
      close(topic, channel)
    }
    for (const follower of followers) follower.left(reason)
  }

  function close(topic: Topic, channel: Channel) {
    if (channels.get(topic) === channel) channels.delete(topic)
    channel.leave()
  }

  return { ...transport, join }
}
