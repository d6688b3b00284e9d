import { AuthClient } from '@supabase/auth-js'
import { config } from '../config.ts'
import { SESSION_KEY } from './session-key.ts'

/**
 * The implicit flow, because a mail is often opened in another browser than the one that asked for it, where the
 * secret of a PKCE flow is not. What arrives in the address is taken out of it by `arrival.ts`, before anything else.
 */
export const auth = new AuthClient({
  url: `${config.apiUrl}/auth/v1`,
  headers: { apikey: config.publishableKey },
  storageKey: SESSION_KEY,
  flowType: 'implicit',
  detectSessionInUrl: false,
})

/** Tells of each new token. */
export function watchToken(listener: () => void): () => void {
  const { data } = auth.onAuthStateChange((event) => {
    if (event === 'TOKEN_REFRESHED' || event === 'SIGNED_IN') listener()
  })
  return () => data.subscription.unsubscribe()
}
