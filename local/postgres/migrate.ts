import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type postgres from 'postgres'
import {
  type Applied,
  type Migration,
  MigrationError,
  pendingMigrations,
  readMigrations,
} from './migrations.ts'
import { explainPushFailure } from './push-failure.ts'
import { type CliOptions, runSupabase } from './supabase-cli.ts'

/** The URL is that of the role that owns what migrations make, and that is no superuser. */
export type MigrateOptions = CliOptions & { seed: boolean }

export type Migrated = { migrated: string[]; seeded: boolean }

/** Applies what is pending through the CLI, each file in a transaction of its own, and the seed after the first time. */
export async function migrate(superuser: postgres.Sql, options: MigrateOptions): Promise<Migrated> {
  const files = readMigrations(options.rootDir)
  const state = await readState(superuser)
  const pending = pendingMigrations(files, state.applied)
  const seed = options.seed && !state.seeded && existsSync(join(options.rootDir, 'supabase/seed.sql'))
  try {
    if (pending.length > 0 || seed) await push(options, seed)
  } finally {
    if (pending.length > 0) await remember(superuser, files)
  }
  return { migrated: pending.map(({ name }) => name), seeded: seed }
}

type State = { applied: Applied[]; seeded: boolean }

async function readState(superuser: postgres.Sql): Promise<State> {
  const [found] = await superuser`
    select to_regclass('supabase_migrations.schema_migrations') is not null as migrations,
      to_regclass('supabase_migrations.seed_files') is not null as seeds`
  const applied = found?.migrations
    ? await superuser<Applied[]>`
        select version, hash from supabase_migrations.schema_migrations
        left join platform.migrations using (version) order by version`
    : []
  const seeds = found?.seeds ? await superuser`select from supabase_migrations.seed_files` : []
  return { applied: [...applied], seeded: seeds.length > 0 }
}

async function push(options: MigrateOptions, seed: boolean): Promise<void> {
  const args = ['db', 'push', '--include-all', '--skip-vault', '--output-format', 'json']
  const result = await runSupabase([...args, ...(seed ? ['--include-seed'] : [])], options)
  if (result.code === 0) return
  throw new MigrationError(
    explainPushFailure(result, (path) => readFileSync(join(options.rootDir, path), 'utf8')),
  )
}

async function remember(superuser: postgres.Sql, files: Migration[]): Promise<void> {
  const { applied } = await readState(superuser)
  const rows = files
    .filter(({ version }) => applied.some((one) => one.version === version && one.hash === null))
    .map(({ version, hash }) => ({ version, hash }))
  if (rows.length > 0) await superuser`insert into platform.migrations ${superuser(rows)}`
}
