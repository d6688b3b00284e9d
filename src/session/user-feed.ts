import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { applyUserEvent, type UserState } from './user-events.ts'

export function userFeed(userId: string): FeedSpec<UserState> {
  return {
    topic: `user:${userId}`,
    queryKey: ['user', userId],
    load: async (signal) => ({ ...(await rpc('user_snapshot', {}, signal)), departures: [] }),
    apply: applyUserEvent,
  }
}
