import { join } from 'node:path'
import postgres from 'postgres'
import { databaseUrl, roleName, type StackConfig } from '../config.ts'
import type { Log } from '../log.ts'
import { type Migrated, migrate } from './migrate.ts'
import { applyPlatform } from './platform.ts'

export type Prepared = Migrated & { platformApplied: boolean }

/** Brings a running database up to date; costs a few milliseconds when it already is. */
export async function prepareDatabase(
  config: StackConfig,
  log: Log,
  options: { seed: boolean },
): Promise<Prepared> {
  const superuser = postgres(databaseUrl(config, 'supabase_admin'), { max: 1, onnotice: () => {} })
  try {
    const platformApplied = await applyPlatform(superuser, {
      password: config.keys.databasePassword,
      ownerRole: roleName(config, 'postgres'),
    })
    // A stack that slept for days has run out of them, and the migrations may already send messages.
    await superuser`select realtime.create_message_partitions()`
    const migrated = await migrate(superuser, {
      rootDir: config.rootDir,
      home: join(config.dataDir, 'cache/supabase'),
      databaseUrl: databaseUrl(config, 'postgres'),
      seed: options.seed,
    })
    log.info('the database is prepared', { platformApplied, ...migrated })
    return { ...migrated, platformApplied }
  } finally {
    await superuser.end()
  }
}
