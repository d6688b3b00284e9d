/** Slows down guessing and flooding, per address and not per network: everybody here calls from this machine. */
import { Refusal } from '../http/refusal.ts'

export type Limit = { count: number; perMs: number }

export type AuthLimits = {
  /** Mails to one address. */
  mails: Limit
  mailBurst: Limit
  /** Wrong passwords for one address. */
  wrongPasswords: Limit
  /** Wrong links and codes, of everybody together, since a guess does not name its victim. */
  wrongCodes: Limit
}

const MINUTE = 60_000
const AUTH_LIMITS: AuthLimits = {
  mails: { count: 60, perMs: 60 * MINUTE },
  mailBurst: { count: 3, perMs: 1_000 },
  wrongPasswords: { count: 30, perMs: 5 * MINUTE },
  wrongCodes: { count: 100, perMs: 5 * MINUTE },
}

const MAILING = ['/signup', '/otp', '/magiclink', '/recover', '/resend']

export type AuthAttempt = { method: string; path: string; grant: string | null; email: string | null }

export function createAuthLimits(limits: AuthLimits = AUTH_LIMITS, now = Date.now) {
  const mails = createWindow(limits.mails, now)
  const mailBurst = createWindow(limits.mailBurst, now)
  const wrongPasswords = createWindow(limits.wrongPasswords, now)
  const wrongCodes = createWindow(limits.wrongCodes, now)
  const isSignIn = ({ path, grant }: AuthAttempt) => path === '/token' && grant === 'password'

  return {
    before(attempt: AuthAttempt): void {
      const address = attempt.email?.toLowerCase() ?? ''
      if (isSignIn(attempt) && wrongPasswords.isFull(address)) throw tooMany('over_request_rate_limit')
      if (attempt.path === '/verify' && wrongCodes.isFull('')) throw tooMany('over_request_rate_limit')
      if (attempt.method === 'POST' && MAILING.includes(attempt.path) && address) {
        if (mails.isFull(address) || mailBurst.isFull(address)) throw tooMany('over_email_send_rate_limit')
        mails.add(address)
        mailBurst.add(address)
      }
    },
    after(attempt: AuthAttempt, refused: boolean): void {
      const address = attempt.email?.toLowerCase() ?? ''
      if (!refused) return
      if (isSignIn(attempt)) wrongPasswords.add(address)
      if (attempt.path === '/verify') wrongCodes.add('')
    },
  }
}

function createWindow({ count, perMs }: Limit, now: () => number) {
  const windows = new Map<string, { start: number; used: number }>()
  const open = (key: string) => {
    const window = windows.get(key)
    return window && now() - window.start < perMs ? window : null
  }
  const forgetOld = () => {
    for (const [key] of windows) if (!open(key)) windows.delete(key)
  }
  return {
    isFull: (key: string) => (open(key)?.used ?? 0) >= count,
    add(key: string) {
      const window = open(key)
      if (window) window.used++
      else {
        if (windows.size > 10_000) forgetOld()
        windows.set(key, { start: now(), used: 1 })
      }
    },
  }
}

const tooMany = (error_code: string) =>
  new Refusal(
    429,
    {
      code: 429,
      error_code,
      msg: 'Too many attempts; wait a moment and try again.',
      message: 'Too many attempts; wait a moment and try again.',
    },
    { 'x-sb-error-code': error_code, 'retry-after': '5' },
  )
