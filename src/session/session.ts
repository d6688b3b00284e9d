import type { AuthError, Session } from '@supabase/auth-js'
import { toBatonError, Unreachable } from '../errors.ts'
import { SESSION_KEY } from './session-key.ts'

/** The auth client renews a token that has less than a minute and a half left. */
const RENEWED_BEFORE = 90_000

/** Loaded when it is needed: the page for signing in is on screen before. */
export const loadAuth = async () => (await import('./auth.ts')).auth

/** Null when nobody is signed in. Throws when that cannot be found out now, as with an old token and no network. */
export async function currentSession(): Promise<Session | null> {
  const kept = keptSession()
  if (!kept || isFresh(kept)) return kept
  const auth = await loadAuth()
  const { data, error } = await auth.getSession()
  if (error) {
    const failure = toBatonError(error)
    if (failure instanceof Unreachable) throw failure
  }
  return data.session
}

/** As the auth client keeps it, which is not needed to read it. */
function keptSession(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(SESSION_KEY) ?? 'null') as Session | null
  } catch {
    return null
  }
}

const isFresh = ({ expires_at, user }: Session) =>
  typeof user?.id === 'string' && (expires_at ?? 0) * 1_000 > Date.now() + RENEWED_BEFORE

/** Where the links in mails lead back to. */
export const callbackUrl = () => `${location.origin}/auth/callback`

/** The auth client reports refusals; everything here throws them. */
export function orThrow<Answer extends { data: unknown; error: AuthError | null }>(
  answer: Answer,
): Extract<Answer, { error: null }>['data'] {
  if (answer.error) throw toBatonError(answer.error)
  return answer.data
}

let leaving = false

/** True from when a person signs out by choice, and so need not be told that their session is over. */
export const isLeaving = () => leaving

/**
 * Without a network the server keeps the session until it expires, but this browser forgets it in any case. The page
 * is loaded anew, so that nothing of one person is in memory when the next signs in.
 */
export async function signOut(goTo = '/sign-in'): Promise<void> {
  leaving = true
  const { error } = await (await loadAuth()).signOut({ scope: 'local' })
  if (error) localStorage.removeItem(SESSION_KEY)
  location.assign(goTo)
}
