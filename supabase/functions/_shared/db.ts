import { createClient, type SupabaseClient, type SupabaseClientOptions } from '@supabase/supabase-js'
import type { Database } from './database.types.ts'
import { publishableKeys, required, secretKeys } from './environment.ts'

/** Node 20 has no WebSocket and is given one: `{ transport: ws }`. */
type Realtime = NonNullable<SupabaseClientOptions<'public'>['realtime']>

/** Sees and may do everything: only for what the caller's own rights do not cover. */
export function serviceClient(realtime?: Realtime): SupabaseClient<Database> {
  return client(secretKeys()[0], realtime)
}

export function anonymousClient(realtime?: Realtime): SupabaseClient<Database> {
  return client(publishableKeys()[0], realtime)
}

function client(key: string, realtime?: Realtime): SupabaseClient<Database> {
  return createClient<Database>(required('SUPABASE_URL'), key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    ...(realtime ? { realtime } : {}),
  })
}
