import { setTimeout as pause } from 'node:timers/promises'
import { isAway } from '../../../supabase/functions/agent/run-tools.ts'

/** Tries again while the database is away. Only for what may be done twice. */
export async function persistently<Answer>(
  work: () => Promise<Answer>,
  patienceMs = 30_000,
): Promise<Answer> {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error) || Date.now() > until) throw error
      await pause(50)
    }
  }
}
