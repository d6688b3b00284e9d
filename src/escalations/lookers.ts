import type { Looker } from '../../supabase/functions/_shared/protocol.ts'

/** Looking ends by leaving, which is told, or by silence, which `until` tells. */
export function withLooker(
  lookers: Looker[],
  { user_id, display_name, until }: Omit<Looker, 'until'> & { until: string | null },
): Looker[] {
  const others = lookers.filter((looker) => looker.user_id !== user_id)
  return until === null ? others : [...others, { user_id, display_name, until }]
}

export const stillLooking = (lookers: readonly Looker[], now: number): Looker[] =>
  lookers.filter(({ until }) => Date.parse(until) > now)
