import type postgres from 'postgres'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing/database.ts'
import { silentLog } from '../testing/throwaway.ts'
import { startRealtime } from './server.ts'
import { testRealtime } from './testing/realtime.ts'

const DAY_MS = 86_400_000
const nameOf = (daysFromNow: number) =>
  `messages_${new Date(Date.now() + daysFromNow * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '_')}`

const partitionsOf = (database: { sql(role: 'supabase_admin'): postgres.Sql }) =>
  database.sql('supabase_admin')<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'realtime.messages'::regclass order by 1`
const expected = [-1, 0, 1, 2, 3].map((days) => ({ name: `realtime.${nameOf(days)}` }))

test('partitions exist before anything runs, from yesterday to in three days', async () => {
  await using database = await createTestDatabase()
  expect(await partitionsOf(database)).toEqual(expected)
})

test('the server makes those that are missing', async () => {
  await using database = await createTestDatabase()
  await database.sql('supabase_admin').unsafe(`drop table realtime.${nameOf(3)}, realtime.${nameOf(0)}`)
  const server = await startRealtime({ config: database.config, log: silentLog })
  await expect.poll(() => partitionsOf(database)).toEqual(expected)
  await server.stop()
})

test('they are made while others are inserting, without waiting for them', async () => {
  await using database = await createTestDatabase()
  const admin = database.sql('supabase_admin')
  await admin.unsafe(`drop table realtime.${nameOf(3)}`)
  await database.sql('postgres').begin(async (sql) => {
    await sql`select realtime.send('{}', 'e', 't', true)`
    await admin`select realtime.create_message_partitions()`
  })
  expect(await partitionsOf(database)).toEqual(expected)
})

test('those older than three days are dropped', async () => {
  await using database = await createTestDatabase()
  await database.sql('supabase_admin').unsafe(`
    create table realtime.${nameOf(-5)} partition of realtime.messages
      for values from ('${new Date(Date.now() - 5 * DAY_MS).toISOString().slice(0, 10)}')
      to ('${new Date(Date.now() - 4 * DAY_MS).toISOString().slice(0, 10)}')`)
  const server = await startRealtime({
    config: database.config,
    log: silentLog,
    settings: { janitorFirstMs: 1 },
  })
  await expect.poll(() => partitionsOf(database)).toEqual(expected)
  await server.stop()
})

test('an insert without a partition is a warning, a join says so', async () => {
  await using realtime = await testRealtime()
  await realtime.database.sql('supabase_admin').unsafe(`drop table realtime.${nameOf(0)}`)
  await realtime.sql`select realtime.send('{}', 'e', 't', true)`
  const socket = await realtime.raw({ apikey: 'sb_secret_for_tests' })
  expect(await socket.join('r', { private: true })).toEqual({
    status: 'error',
    response: { reason: 'MissingPartition: Realtime was unable to find the expected messages partition' },
  })
})

test('the API roles reach messages through their policies alone, and nothing else of the server', async () => {
  await using database = await createTestDatabase()
  const sql = database.sql('postgres')
  const as = (role: string, query: string) =>
    sql.begin(async (transaction) => {
      await transaction.unsafe(`set local role ${role}`)
      return transaction.unsafe(query)
    })
  expect(await as('anon', 'select * from realtime.messages')).toEqual([])
  await expect(
    as('anon', `insert into realtime.messages (topic, extension) values ('t', 'broadcast')`),
  ).rejects.toThrow('row-level security')
  await expect(as('anon', `select realtime.probe_read('t', '{}', '{}', true)`)).rejects.toThrow(
    'permission denied',
  )
  await expect(as('service_role', `select realtime.create_message_partitions()`)).rejects.toThrow(
    'permission denied',
  )
  await expect(as('anon', `select * from realtime.${nameOf(0)}`)).rejects.toThrow('permission denied')
  await expect(sql`alter table realtime.messages disable row level security`).rejects.toThrow('must be owner')
  await expect(sql`create table realtime.mine (id int)`).rejects.toThrow('permission denied')
})
