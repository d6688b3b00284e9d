import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { databaseUrl, type StackConfig } from '../config.ts'
import { pickFreePorts } from '../launcher/ports.ts'
import { ROOT_DIR, silentLog, throwawayConfig } from '../testing/throwaway.ts'
import { emptyDatabase } from './empty.ts'
import { prepareDatabase } from './prepare.ts'
import { type RunningPostgres, startPostgres } from './server.ts'

let folder: string
let server: RunningPostgres
let config: StackConfig

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-prepare-'))
  const [port] = await pickFreePorts(1)
  config = { ...throwawayConfig({ dataDir: folder, databasePort: port! }), rootDir: join(folder, 'root') }
  server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: port!,
    password: config.keys.databasePassword,
    log: silentLog,
    fsync: false,
  })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  rmSync(config.rootDir, { recursive: true, force: true })
  mkdirSync(join(config.rootDir, 'supabase/migrations'), { recursive: true })
  cpSync(join(ROOT_DIR, 'supabase/config.toml'), join(config.rootDir, 'supabase/config.toml'))
  symlinkSync(join(ROOT_DIR, 'node_modules'), join(config.rootDir, 'node_modules'))
  migration('20260101_notes', 'create table public.notes (id int primary key, text text not null);')
  await onServer('drop database if exists postgres with (force)')
  await onServer('create database postgres')
})

const migration = (name: string, text: string) =>
  writeFileSync(join(config.rootDir, `supabase/migrations/${name}.sql`), text)
const seed = (text: string) => writeFileSync(join(config.rootDir, 'supabase/seed.sql'), text)
const prepare = (options = { seed: true }) => prepareDatabase(config, silentLog, options)
const onServer = (statement: string) => run(databaseUrl(config, 'supabase_admin', 'template1'), statement)
const query = (statement: string) => run(databaseUrl(config, 'postgres'), statement)

async function run(url: string, statement: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

test('an empty database gets platform, migrations and seed, and the next start has nothing to do', async () => {
  seed(`insert into public.notes values (1, 'a;b'), (2, current_user::text);`)
  expect(await prepare()).toEqual({ migrated: ['20260101_notes.sql'], seeded: true, platformApplied: true })
  expect(await query('select text from notes order by id')).toEqual([{ text: 'a;b' }, { text: 'postgres' }])
  expect(await query(`select tableowner as owner from pg_tables where tablename = 'notes'`)).toEqual([
    { owner: 'postgres' },
  ])
  expect(await prepare()).toEqual({ migrated: [], seeded: false, platformApplied: false })
})

test('only new files are applied, and an old database is not seeded again', async () => {
  seed(`insert into public.notes values (1, 'seed');`)
  await prepare()
  await query('delete from notes where id = 1')
  migration('20260102_tags', 'create table public.tags (id int);')
  expect(await prepare()).toMatchObject({ migrated: ['20260102_tags.sql'], seeded: false })
  expect(await query('select * from notes')).toEqual([])
})

test('a seed can be left out, and comes later when it is wanted', async () => {
  seed(`insert into public.notes values (1, 'seed');`)
  expect(await prepare({ seed: false })).toMatchObject({ seeded: false })
  expect(await prepare({ seed: true })).toMatchObject({ migrated: [], seeded: true })
})

test('a migration that fails is named with file, line and message, and nothing of it stays', async () => {
  migration(
    '20260102_broken',
    'create table public.half (id int);\n\ninsert into half\n  values (1), (nope);\n',
  )
  await expect(prepare()).rejects.toThrow(
    'supabase/migrations/20260102_broken.sql:4: column "nope" does not exist (SQLSTATE 42703); nothing of this file was applied.',
  )
  expect(await query(`select to_regclass('notes') as notes, to_regclass('half') as half`)).toEqual([
    { notes: 'notes', half: null },
  ])
  migration('20260102_broken', 'create table public.half (id int);')
  expect(await prepare()).toMatchObject({ migrated: ['20260102_broken.sql'] })
})

test('what hosted refuses is refused here', async () => {
  migration('20260102_forbidden', 'alter table realtime.messages enable row level security;')
  await expect(prepare()).rejects.toThrow(/20260102_forbidden.sql:1: must be owner of table messages/)
})

test('a seed that fails is named, and leaves neither rows nor a mark that it ran', async () => {
  seed(`insert into public.notes values (1, 'a');\ninsert into public.notes values (1, null);`)
  await expect(prepare()).rejects.toThrow(/supabase\/seed.sql: .*null value/)
  expect(await query('select * from notes')).toEqual([])
  seed(`insert into public.notes values (1, 'a');`)
  expect(await prepare()).toMatchObject({ migrated: [], seeded: true })
})

test('a file that changed after it was applied is refused', async () => {
  await prepare({ seed: false })
  migration('20260101_notes', 'create table public.notes (id int);')
  await expect(prepare()).rejects.toThrow(/20260101_notes.sql has changed .*npm start -- --reset/)
})

test('so is a file that was applied by a start that failed at a later one', async () => {
  migration('20260102_broken', 'select nope();')
  await expect(prepare()).rejects.toThrow('20260102_broken.sql:1')
  migration('20260101_notes', 'create table public.notes (id int);')
  await expect(prepare()).rejects.toThrow(/20260101_notes.sql has changed/)
})

test('a file that is gone after it was applied is refused', async () => {
  await prepare({ seed: false })
  rmSync(join(config.rootDir, 'supabase/migrations/20260101_notes.sql'))
  await expect(prepare()).rejects.toThrow(
    /holds the migration 20260101, which supabase\/migrations no longer has/,
  )
})

test('a platform that has changed is applied again, over the data', async () => {
  await prepare({ seed: false })
  await query(`insert into notes values (1, 'kept')`)
  await run(
    databaseUrl(config, 'supabase_admin'),
    `update platform.stamp set hash = 'old'; drop policy if exists x on storage.objects; drop function auth.email`,
  )
  expect(await prepare({ seed: false })).toMatchObject({ platformApplied: true, migrated: [] })
  expect(await query('select text, auth.email() from notes')).toEqual([{ text: 'kept', email: null }])
})

test('a start with nothing to do costs little', async () => {
  await prepare()
  const times: number[] = []
  for (let run = 0; run < 5; run++) {
    const began = performance.now()
    await prepare()
    times.push(performance.now() - began)
  }
  expect(Math.min(...times)).toBeLessThan(300)
})

test('on a server of the operator, the superuser "postgres" keeps the name, its rights and its tables', async () => {
  const superuser = await startPostgres({
    dataDir: join(folder, 'operator'),
    port: (await pickFreePorts(1))[0]!,
    password: 'operators',
    log: silentLog,
    fsync: false,
  })
  const admin = `postgresql://supabase_admin:operators@127.0.0.1:${superuser.port}/template1`
  await run(admin, `create role postgres superuser login password 'own'`)
  await run(admin, 'create database baton owner postgres')
  const external = `postgresql://postgres:own@127.0.0.1:${superuser.port}/baton`
  const operators: StackConfig = { ...config, externalDatabaseUrl: external }
  try {
    expect(await prepareDatabase(operators, silentLog, { seed: false })).toMatchObject({
      migrated: ['20260101_notes.sql'],
    })
    expect(await run(external, "select current_setting('is_superuser') as super")).toEqual([{ super: 'on' }])
    expect(
      await run(
        databaseUrl(operators, 'postgres'),
        `select current_user::text as me, tableowner::text as owner from pg_tables where tablename = 'notes'`,
      ),
    ).toEqual([{ me: 'baton_owner', owner: 'baton_owner' }])
    const forbidden = run(databaseUrl(operators, 'postgres'), 'alter table auth.users drop column email')
    await expect(forbidden).rejects.toThrow('must be owner')
    await run(
      databaseUrl(operators, 'postgres'),
      'create policy p on storage.objects for select using (true)',
    )

    await run(external, 'create table public.of_the_operator (id int)')
    await emptyDatabase(operators)
    const tables = `select relname as name from pg_class where relkind in ('r', 'p') and oid >= 16384`
    expect(await run(external, tables)).toEqual([{ name: 'of_the_operator' }])
    expect(await prepareDatabase(operators, silentLog, { seed: false })).toMatchObject({
      platformApplied: true,
      migrated: ['20260101_notes.sql'],
    })
  } finally {
    await superuser.stop()
  }
})
