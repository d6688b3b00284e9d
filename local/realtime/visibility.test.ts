/**
 * Between the moment in which a transaction is in the log and the one in which others see it, usually microseconds, a
 * server that waits for a replica which does not exist stays for as long as a test likes.
 */
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseUrl } from '../config.ts'
import { silentLog, startThrowaway, type Throwaway } from '../testing/throwaway.ts'
import { type RunningRealtime, startRealtime } from './server.ts'
import { RawSocket } from './testing/raw-socket.ts'
import { signToken } from './testing/realtime.ts'

let throwaway: Throwaway
let server: RunningRealtime
let admin: postgres.Sql
let writer: postgres.Sql

beforeAll(async () => {
  throwaway = await startThrowaway()
  const connect = (role: 'supabase_admin' | 'postgres') =>
    postgres(databaseUrl(throwaway.config, role), { max: 1, onnotice: () => {} })
  admin = connect('supabase_admin')
  writer = connect('postgres')
  server = await startRealtime({ config: throwaway.config, log: silentLog })
  await writer.unsafe(`
    create table public.seen (id int primary key);
    alter table public.seen enable row level security;
    grant select on public.seen to authenticated;
    create policy "all see it" on public.seen for select to authenticated using (true);
    alter publication supabase_realtime add table public.seen`)
})
afterAll(async () => {
  await server.stop()
  await Promise.all([admin.end(), writer.end()])
  await throwaway[Symbol.asyncDispose]()
})

async function holdCommits() {
  await admin`alter system set synchronous_standby_names = 'nobody'`
  await admin`select pg_reload_conf()`
  await writer`set synchronous_commit = 'on'`
  await expect.poll(commitIsHeld).toBe(true)
}

/** Who commits waits once the checkpointer has read the setting, which nothing else tells. */
async function commitIsHeld(): Promise<boolean> {
  let isDone = false
  const committing = writer`select pg_logical_emit_message(true, 'test', '')`.execute().finally(() => {
    isDone = true
  })
  while (!isDone) {
    const held = await admin`
      select pg_cancel_backend(a.pid) from pg_stat_activity a where a.wait_event = 'SyncRep'`
    if (held.length === 0) continue
    await committing
    return true
  }
  return false
}

async function releaseCommits() {
  await admin`alter system reset synchronous_standby_names`
  await admin`select pg_reload_conf()`
}

const open = async () => {
  const apikey = await signToken(throwaway.config.keys.jwtSecret)
  return RawSocket.open(server.port, { apikey })
}

test('a policy is asked about a row only once the row can be seen', async () => {
  const socket = await open()
  await socket.join('r', { postgres_changes: [{ event: '*', schema: 'public', table: 'seen' }] })
  await socket.next(({ event, payload }) => event === 'system' && payload.status === 'ok')
  await holdCommits()
  const inserting = writer`insert into public.seen values (1)`.execute()
  await expect.poll(() => server.stats().changes).toBe(1)
  await releaseCommits()
  await inserting
  const { payload } = await socket.next(({ event }) => event === 'postgres_changes')
  expect(payload.data.record).toEqual({ id: 1 })
  socket.close()
})

test('a join is answered only once what was sent before it can be seen, so that no row falls in between', async () => {
  const [early, late] = [await open(), await open()]
  await early.join('r')
  await holdCommits()
  const sending = writer`select realtime.send('{}', 'e', 'r', false)`.execute()
  await early.next(({ event }) => event === 'broadcast')
  let isJoined = false
  const joining = late.join('r').then(() => {
    isJoined = true
  })
  for (let round = 0; round < 20; round++) await late.ask('phoenix', 'heartbeat').then(() => admin`select 1`)
  expect(isJoined).toBe(false)
  await releaseCommits()
  await joining
  await sending
  for (const socket of [early, late]) socket.close()
})
