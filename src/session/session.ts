import type { AuthError, Session } from '@supabase/auth-js'
import { toBatonError, Unreachable } from '../errors.ts'
import { SESSION_KEY } from './session-key.ts'

/** Loaded when it is needed: the page for signing in is on screen before. */
export const loadAuth = async () => (await import('./auth.ts')).auth

/** Null when nobody is signed in. Throws when that cannot be found out now, as with an old token and no network. */
export async function currentSession(): Promise<Session | null> {
  if (!localStorage.getItem(SESSION_KEY)) return null
  const auth = await loadAuth()
  const { data, error } = await auth.getSession()
  if (error) {
    const failure = toBatonError(error)
    if (failure instanceof Unreachable) throw failure
  }
  return data.session
}

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
