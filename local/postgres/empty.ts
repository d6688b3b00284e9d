import postgres from 'postgres'
import { databaseUrl, roleName, type StackConfig } from '../config.ts'

/**
 * Takes everything of Baton's out of a database that is not in the data folder: what its roles own, and the schemas of
 * the platform. What else the operator keeps there stays.
 */
export async function emptyDatabase(config: StackConfig): Promise<void> {
  const superuser = postgres(databaseUrl(config, 'supabase_admin'), { max: 1, onnotice: () => {} })
  try {
    await superuser.begin(async (sql) => {
      await sql`drop schema if exists platform, auth, storage, realtime, extensions cascade`
      const roles = await sql<{ name: string }[]>`
        select rolname as name from pg_roles where not rolsuper and rolname in ${sql([
          roleName(config, 'postgres'),
          'supabase_auth_admin',
          'supabase_storage_admin',
          'supabase_realtime_admin',
        ])}`
      for (const { name } of roles) await sql`drop owned by ${sql(name)} cascade`
    })
  } finally {
    await superuser.end()
  }
}
