import type { TeamSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { applyTeamChange, removes } from './team-changes.ts'

/** `selfId` is the reader: an event that removes them ends what they may read. */
export function teamFeed(teamId: string, selfId: string): FeedSpec<TeamSnapshot> {
  return {
    topic: `team:${teamId}`,
    queryKey: ['team', teamId],
    load: (signal) => rpc('team_snapshot', { team_id: teamId }, signal),
    apply: applyTeamChange,
    mayEndAccess: (event) => removes(selfId, event),
  }
}
