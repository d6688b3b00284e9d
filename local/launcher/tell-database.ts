import postgres from 'postgres'
import { apiUrl, appUrl, databaseUrl, type StackConfig } from '../config.ts'

/** Where links in mails lead and where functions are called: an operator sets these by hand on hosted Supabase. */
export async function tellDatabase(config: StackConfig): Promise<void> {
  const sql = postgres(databaseUrl(config, 'postgres'), { max: 1, onnotice: () => {} })
  try {
    await sql`select public.set_setting('app_url', ${appUrl(config)}),
                     public.set_setting('functions_url', ${`${apiUrl(config)}/functions/v1`})`
  } finally {
    await sql.end()
  }
}
