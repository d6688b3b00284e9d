import { useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import type { Membership } from '../../supabase/functions/_shared/protocol.ts'
import { snapshotQuery } from '../feed/index.ts'
import type { UserState } from './user-events.ts'
import { userFeed } from './user-feed.ts'

export const useUserId = (): string => useRouteContext({ from: '/app/workspace' }).userId

/** Undefined until the first snapshot has come; everything inside the workspace is drawn after that. */
export function useUserIfLoaded(): UserState | undefined {
  return useQuery(snapshotQuery(userFeed(useUserId()))).data
}

export function useUser(): UserState {
  const user = useUserIfLoaded()
  if (!user) throw new Error('The workspace was drawn before the person who is signed in was known.')
  return user
}

/** By name, so that a list of teams does not move when one is joined again. */
export function useMemberships(): Membership[] {
  return useUser().memberships.toSorted((one, other) => one.team_name.localeCompare(other.team_name))
}
