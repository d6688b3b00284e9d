import postgres from 'postgres'
import { databaseUrl, roleName, type StackConfig } from '../config.ts'

/**
 * Takes everything of Baton's out of a database that is not in the data folder: what its roles own, and the schemas of
 * the platform. What else the operator keeps there stays.
 */
export async function emptyDatabase(config: StackConfig): Promise<void> {
  const superuser = postgres(databaseUrl(config, 'supabase_admin'), { max: 1, onnotice: () => {} })
  try {
    await superuser.unsafe(emptying(roleName(config, 'postgres'))).simple()
  } finally {
    await superuser.end()
  }
}

/** One message, and so one transaction. */
const emptying = (owner: string) => `
  drop schema if exists platform, auth, storage, realtime, extensions cascade;
  do $$
  declare
    role name;
  begin
    for role in
      select rolname from pg_roles where not rolsuper and rolname in
        ('${owner.replaceAll("'", "''")}', 'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin')
    loop
      execute format('drop owned by %I cascade', role);
    end loop;
  end
  $$`
