import type { SupabaseClient } from '@supabase/supabase-js'
import type { ClaimedMail } from '../_shared/protocol.ts'

/** The rows of `mails`, through the functions that own their transitions. */
export type Outbox = {
  claim(): Promise<ClaimedMail | null>
  finish(mail: ClaimedMail): Promise<boolean>
  fail(mail: ClaimedMail, error: string): Promise<boolean>
  /** Has this function called again. */
  wake(): Promise<void>
}

/** Longer than one delivery may take, so that no other sender takes over one that is on its way. */
const LEASE_SECONDS = 90

export function openOutbox(db: SupabaseClient, worker: string): Outbox {
  const call = async <T>(name: string, parameters: Record<string, unknown>): Promise<T> => {
    const { data, error } = await db.rpc(name, parameters)
    if (error) throw new Error(`${name} failed: ${error.message}`, { cause: error })
    return data as T
  }
  return {
    claim: () => call('claim_mail', { worker, lease_seconds: LEASE_SECONDS }),
    finish: ({ id, token }) => call('finish_mail', { mail_id: id, token }),
    fail: ({ id, token }, error) => call('fail_mail', { mail_id: id, token, error }),
    wake: () => call('wake', { function_name: 'mail' }),
  }
}
