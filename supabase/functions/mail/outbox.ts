import type { PostgrestSingleResponse, SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '../_shared/database.types.ts'
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

export function openOutbox(db: SupabaseClient<Database>, worker: string): Outbox {
  return {
    async claim() {
      const mail = answerOf(await db.rpc('claim_mail', { worker, lease_seconds: LEASE_SECONDS }))
      return mail as ClaimedMail | null
    },
    async finish({ id, token }) {
      return answerOf(await db.rpc('finish_mail', { mail_id: id, token }))
    },
    async fail({ id, token }, error) {
      return answerOf(await db.rpc('fail_mail', { mail_id: id, token, error }))
    },
    async wake() {
      answerOf(await db.rpc('wake', { function_name: 'mail' }))
    },
  }
}

function answerOf<T>({ data, error }: PostgrestSingleResponse<T>): T {
  if (error) throw new Error(`The outbox cannot be reached: ${error.message}`, { cause: error })
  return data
}
