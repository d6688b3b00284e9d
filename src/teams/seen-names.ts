import type { Member } from '../../supabase/functions/_shared/protocol.ts'

/** Of everyone seen since the page was loaded: a team that is lost takes its members out of the cache with it. */
const names = new Map<string, string>()

export function rememberNames(members: readonly Member[]): void {
  for (const { user_id, display_name } of members) names.set(user_id, display_name)
}

export const seenName = (userId: string | null) => (userId === null ? undefined : names.get(userId))
