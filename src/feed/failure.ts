import { BatonError, ERRORS, isErrorCode } from '../../supabase/functions/_shared/errors.ts'

/** `denied` is final: asking again will not help. Everything else is worth another try. */
export type Failure = { denied: boolean; error: BatonError }

export function failureOf(cause: unknown): Failure {
  const error = toBatonError(cause)
  return { denied: error.code === 'BT002' || error.code === 'BT003', error }
}

function toBatonError(cause: unknown): BatonError {
  if (cause instanceof BatonError) return cause
  const { code, message } = Object(cause) as { code?: unknown; message?: unknown }
  if (isErrorCode(code)) return new BatonError(code, ERRORS[code], { cause })
  return new BatonError('unknown', typeof message === 'string' ? message : String(cause), { cause })
}
