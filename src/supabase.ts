import { createClient } from '@supabase/supabase-js'
import { config } from './config.ts'
import { backoff } from './feed/backoff.ts'
import { auth } from './session/auth.ts'

/**
 * Data, realtime, storage and functions. It borrows the session of `auth`, a client of its own, so that the pages for
 * signing in load without all of this.
 */
export const supabase = createClient(config.apiUrl, config.publishableKey, {
  accessToken: async () => (await auth.getSession()).data.session?.access_token ?? null,
  // Half of each delay is left to chance: after a restart of the server not all browsers come back in the same second.
  realtime: { reconnectAfterMs: (attempt) => backoff(attempt, 500, 15_000, Math.random) },
})
