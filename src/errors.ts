/** The one place where what the API says becomes a BatonError, with a message for people. */
import { BatonError, ERRORS, type ErrorCode, isErrorCode } from '../supabase/functions/_shared/errors.ts'

export { BatonError }

/** Nobody answered: nothing was refused, and trying again may help. */
export class Unreachable extends BatonError {
  constructor(cause: unknown) {
    super('unknown', 'Baton cannot be reached. Check the connection and try again.', { cause })
  }
}

type Foreign = {
  name?: unknown
  message?: unknown
  code?: unknown
  details?: unknown
  hint?: unknown
  status?: unknown
}

export function toBatonError(cause: unknown): BatonError {
  if (cause instanceof BatonError) return cause
  const foreign = Object(cause) as Foreign
  if (isNetworkFault(foreign)) return new Unreachable(cause)
  const [code, message] = meaningOf(foreign)
  return new BatonError(code, message, {
    cause,
    details: parsed(foreign.details),
    hint: typeof foreign.hint === 'string' ? foreign.hint : null,
  })
}

/** Refusals of the database carry facts as JSON. */
function parsed(details: unknown): unknown {
  if (typeof details !== 'string') return details
  try {
    return JSON.parse(details)
  } catch {
    return details
  }
}

/** What happened, and what to do. */
export function sentenceOf(error: BatonError): string {
  return error.hint ? `${error.message} ${error.hint}` : error.message
}

/** Which field of a form a refusal is about, if it says so. */
export function fieldOf(error: BatonError): string | null {
  const { field } = Object(error.details) as { field?: unknown }
  return typeof field === 'string' ? field : null
}

type Meaning = [ErrorCode | 'unknown', string]

function meaningOf({ code, message, status }: Foreign): Meaning {
  const said = typeof message === 'string' && message ? message : null
  if (isErrorCode(code)) return [code, said ?? ERRORS[code]]
  const known = typeof code === 'string' ? (AUTH[code] ?? DATA[code]) : undefined
  if (known) return known
  if (status === 429) return ['BT011', ERRORS.BT011]
  return ['unknown', said ?? 'Something unexpected went wrong.']
}

const UNREACHABLE_STATUS = new Set<unknown>([0, 502, 503, 504])

function isNetworkFault({ name, message, status }: Foreign): boolean {
  if (name === 'AuthRetryableFetchError' || UNREACHABLE_STATUS.has(status)) return true
  return (
    typeof message === 'string' && /^(TypeError: )?(Failed to fetch|NetworkError|Load failed)/.test(message)
  )
}

/** From the data API. */
const DATA: Record<string, Meaning> = {
  '42501': ['BT002', ERRORS.BT002],
  PGRST301: ['BT001', 'Your session has ended. Sign in again.'],
  PGRST303: ['BT001', 'Your session has ended. Sign in again.'],
}

/** From the auth API, by its own codes. */
const AUTH: Record<string, Meaning> = {
  invalid_credentials: ['BT001', 'This e-mail address and password do not belong together.'],
  email_not_confirmed: ['BT010', 'Confirm your e-mail address first: the link is in your mailbox.'],
  user_already_exists: ['BT004', 'This address already has an account. Sign in instead.'],
  email_exists: ['BT004', 'This address already has an account. Sign in instead.'],
  email_address_invalid: ['BT004', 'This e-mail address cannot receive mail.'],
  weak_password: ['BT004', 'This password is too easy to guess. Make it longer.'],
  same_password: ['BT004', 'This is already your password. Choose another one.'],
  validation_failed: ['BT004', ERRORS.BT004],
  signup_disabled: ['BT002', 'New accounts are switched off here.'],
  otp_disabled: ['BT002', 'There is no account with this address.'],
  otp_expired: ['unknown', 'This link or code has expired, or was already used. Ask for a new one.'],
  user_not_found: ['unknown', 'This account no longer exists.'],
  session_not_found: ['BT001', 'Your session has ended. Sign in again.'],
  session_expired: ['BT001', 'Your session has ended. Sign in again.'],
  refresh_token_not_found: ['BT001', 'Your session has ended. Sign in again.'],
  refresh_token_already_used: ['BT001', 'Your session has ended. Sign in again.'],
  over_request_rate_limit: ['BT011', ERRORS.BT011],
  over_email_send_rate_limit: ['BT011', 'Too many mails were sent to this address; wait a minute.'],
}
