import { createClient, type SupabaseClient } from '@supabase/supabase-js'

const url = import.meta.env.VITE_SUPABASE_URL as string | undefined
const key = import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY as string | undefined

/** Null while the app has no backend, so that it can be drawn without one: ask before you use it. */
export const supabase: SupabaseClient | null = url && key ? connect(url, key) : null

function connect(address: string, publishableKey: string): SupabaseClient | null {
  try {
    return createClient(address, publishableKey)
  } catch (error) {
    console.warn('The backend cannot be used:', error)
    return null
  }
}
