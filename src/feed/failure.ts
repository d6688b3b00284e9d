import type { BatonError } from '../../supabase/functions/_shared/errors.ts'
import { toBatonError } from '../errors.ts'

/** `denied` is final: asking again will not help. Everything else is worth another try. */
export type Failure = { denied: boolean; error: BatonError }

export function failureOf(cause: unknown): Failure {
  const error = toBatonError(cause)
  return { denied: isRefusal(error), error }
}

/** As SQL raised it: a request that went out without its token is told much the same, and may succeed with one. */
function isRefusal(error: BatonError): boolean {
  const code = (Object(error.cause) as { code?: unknown }).code ?? error.code
  return code === 'BT002' || code === 'BT003'
}
