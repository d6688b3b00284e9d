import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { applyDeskEvent, type DeskState, deskState } from './desk-changes.ts'
import { applyOwnEvent, type OwnMarks } from './own-marks.ts'

/** The desk is two folds: what everyone sees is in the log of the team, what is one's own in that of the person. */
export function deskFeed(teamId: string): FeedSpec<DeskState> {
  return {
    topic: `team:${teamId}`,
    queryKey: ['team', teamId, 'desk'],
    load: async (signal) => deskState(await rpc('desk_snapshot', { team_id: teamId }, signal)),
    apply: applyDeskEvent,
  }
}

export function ownMarksFeed(teamId: string, userId: string): FeedSpec<OwnMarks> {
  return {
    topic: `user:${userId}`,
    queryKey: ['team', teamId, 'desk', 'own'],
    load: async (signal) => {
      const desk = await rpc('desk_snapshot', { team_id: teamId }, signal)
      return { seq: desk.user_seq, marks: desk.mine }
    },
    apply: applyOwnEvent,
  }
}
