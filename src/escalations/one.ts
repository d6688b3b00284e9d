import { queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type FeedSpec, type FeedStatus, snapshotQuery, useFeed } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { applyEscalationEvent, type EscalationState, escalationState } from './one-changes.ts'

export function escalationFeed(teamId: string, id: string): FeedSpec<EscalationState> {
  return {
    topic: `team:${teamId}`,
    queryKey: ['escalation', id],
    load: async (signal) => escalationState(await rpc('escalation_snapshot', { escalation_id: id }, signal)),
    apply: applyEscalationEvent,
  }
}

/** A link names the escalation alone; which team it belongs to must be known before its log can be followed. */
export const teamOfEscalationQuery = (id: string) =>
  queryOptions({
    queryKey: ['escalation', id, 'team'],
    queryFn: async ({ signal }) =>
      (await rpc('escalation_snapshot', { escalation_id: id }, signal)).escalation.team_id,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

export function useFollowEscalation(teamId: string, id: string): FeedStatus {
  return useFeed(escalationFeed(teamId, id))
}

export function useEscalationIfLoaded(teamId: string, id: string): EscalationState | undefined {
  return useQuery(snapshotQuery(escalationFeed(teamId, id))).data
}

const STILL_LOOKING = 30_000

/** Tells the others that it is open here, and that it has been read, also its news; for as long as somebody can see it. */
export function useLookAt(id: string, newsAt: string): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible')
        void rpc('look_at_escalation', { escalation_id: id }).catch(ignore)
    }
    const leave = () => void rpc('leave_escalation', { escalation_id: id }).catch(ignore)
    const onVisibility = () => (document.visibilityState === 'visible' ? look() : leave())
    look()
    const timer = setInterval(look, STILL_LOOKING)
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', onVisibility)
      leave()
    }
  }, [id])

  // biome-ignore lint/correctness/useExhaustiveDependencies: news must be marked as read again
  useEffect(() => {
    const read = () => {
      if (document.visibilityState === 'visible')
        void rpc('read_escalation', { escalation_id: id }).catch(ignore)
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [id, newsAt])
}

/** Being seen is a courtesy: whoever is offline is not told that it failed. */
const ignore = () => {}
