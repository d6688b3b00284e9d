import { useMemo } from 'react'
import { useFeed } from '../feed/index.ts'
import { useUserId } from '../session/user.ts'
import { rememberNames } from './seen-names.ts'
import { useTeamIfLoaded } from './team.ts'
import { teamFeed } from './team-feed.ts'

/** Whether those who wrote messages and files can be named: as soon as the team is loaded, or cannot be. */
export function useTeamNames(teamId: string | undefined): boolean {
  const userId = useUserId()
  const { state } = useFeed(teamId ? teamFeed(teamId, userId) : null)
  const members = useTeamIfLoaded(teamId ?? '')?.members
  useMemo(() => rememberNames(members ?? []), [members])
  return members !== undefined || state !== 'loading'
}
