import { useQuery } from '@tanstack/react-query'
import { type FeedStatus, snapshotQuery, useFeed } from '../feed/index.ts'
import { useUserId } from '../session/user.ts'
import type { DeskState } from './desk-changes.ts'
import { deskFeed, ownMarksFeed } from './desk-feed.ts'
import type { OwnMarks } from './own-marks.ts'

/** Keeps the desk of a team live while it is mounted. */
export function useFollowDesk(teamId: string | undefined): FeedStatus {
  const userId = useUserId()
  useFeed(teamId ? ownMarksFeed(teamId, userId) : null)
  return useFeed(teamId ? deskFeed(teamId) : null)
}

export type LoadedDesk = { desk: DeskState; marks: OwnMarks['marks'] }

export function useDeskIfLoaded(teamId: string | undefined): LoadedDesk | undefined {
  const userId = useUserId()
  const desk = useQuery(snapshotQuery(deskFeed(teamId ?? ''))).data
  const own = useQuery(snapshotQuery(ownMarksFeed(teamId ?? '', userId))).data
  return desk && own && { desk, marks: own.marks }
}
