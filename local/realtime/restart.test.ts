/** The server as a process of its own, killed for real. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pickFreePorts } from '../launcher/ports.ts'
import { GO } from '../part.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { silentLog } from '../testing/throwaway.ts'
import { type RunningRealtime, startRealtime } from './server.ts'
import { RawSocket } from './testing/raw-socket.ts'
import { connectClient, signToken, testRealtime } from './testing/realtime.ts'

/** The part as the launcher runs it: a process that can be killed and started again. */
function realtimePart(database: TestDatabase, port: number) {
  const config = { ...database.config, internal: { ...database.config.internal, realtime: port } }
  let child: ChildProcess | null = null
  const end = async (signal: NodeJS.Signals) => {
    if (!child) return
    const ended = new Promise((resolve) => child?.once('exit', resolve))
    child.kill(signal)
    await ended
    child = null
  }
  return {
    async start() {
      const started = fork(fileURLToPath(new URL('main.ts', import.meta.url)), {
        execArgv: ['--import', 'tsx'],
        env: { ...process.env, BATON_STACK: JSON.stringify(config) },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      child = started
      started.send(GO)
      await new Promise<void>((resolve, reject) => {
        started.on('message', (message: { type: string }) => message.type === 'ready' && resolve())
        started.once('exit', () => reject(new Error('The part ended before it was ready')))
      })
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

const slots = (database: TestDatabase) => database.sql('supabase_admin')<
  { active: boolean; confirmed: boolean }[]
>`select active, confirmed_flush_lsn >= pg_current_wal_lsn() as confirmed
  from pg_replication_slots where database = current_database()`

test('under load and kills, a feed that reads rows when it returns loses and doubles nothing', async () => {
  await using database = await createTestDatabase()
  const sql = database.sql('postgres')
  await sql.unsafe(`
    create table public.feed_rows (seq bigint primary key);
    create table public.feed_counter (seq bigint not null);
    insert into public.feed_counter values (0);
    grant select on public.feed_rows to authenticated;
    create policy "signed-in people read" on realtime.messages for select to authenticated using (true);
    create function public.append_row() returns void language sql as $$
      with next as (update public.feed_counter set seq = seq + 1 returning seq),
        appended as (insert into public.feed_rows select seq from next returning seq)
      select realtime.send(jsonb_build_object('seq', seq), 'row', 'feed', true) from appended
    $$;
  `)
  const [port] = await pickFreePorts(1)
  await using part = realtimePart(database, port!)
  await part.start()

  const applied: number[] = []
  const statuses: string[] = []
  let reading: Promise<void> = Promise.resolve()
  const catchUp = () => {
    reading = reading.then(async () => {
      const rows = await sql<{ seq: string }[]>`
        select seq from public.feed_rows where seq > ${applied.at(-1) ?? 0} order by seq`
      for (const { seq } of rows) if (Number(seq) === (applied.at(-1) ?? 0) + 1) applied.push(Number(seq))
    })
  }
  const client = await connectClient(port!, await signToken(database.config.keys.jwtSecret), {
    reconnectAfterMs: () => 50,
  })
  const channel = client.channel('feed', { config: { private: true } })
  channel.on('broadcast', { event: 'row' }, ({ payload }) => {
    if (payload.seq === (applied.at(-1) ?? 0) + 1) applied.push(payload.seq)
    else if (payload.seq > (applied.at(-1) ?? 0)) catchUp()
  })
  channel.subscribe((status) => {
    statuses.push(status)
    if (status === 'SUBSCRIBED') catchUp()
  })
  await expect.poll(() => statuses.at(-1), { timeout: 10_000 }).toBe('SUBSCRIBED')

  let isWriting = true
  const writers = Array.from({ length: 3 }, async () => {
    while (isWriting) await sql`select public.append_row()`
  })
  for (let kills = 0; kills < 2; kills++) {
    const before = applied.length
    await expect.poll(() => applied.length, { timeout: 10_000 }).toBeGreaterThan(before + 50)
    await part.kill()
    await part.start()
    const joins = statuses.filter((status) => status === 'SUBSCRIBED').length
    await expect
      .poll(() => statuses.filter((status) => status === 'SUBSCRIBED').length, { timeout: 15_000 })
      .toBeGreaterThan(Math.max(joins - 1, kills + 1))
  }
  isWriting = false
  await Promise.all(writers)
  const [{ count }] = (await sql`select count(*)::int as count from public.feed_rows`) as unknown as [
    { count: number },
  ]
  await expect.poll(() => applied.length, { timeout: 10_000 }).toBe(count)
  await reading
  expect(applied).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  await client.realtime.disconnect()
}, 60_000)

test('what was committed after a kill reaches who comes back, once and in order', async () => {
  await using database = await createTestDatabase()
  const [port] = await pickFreePorts(1)
  await using part = realtimePart(database, port!)
  await part.start()
  const open = async () => {
    const socket = await RawSocket.open(port!)
    await socket.join('r')
    return socket
  }
  const before = await open()
  const send = (n: number) => database.sql('postgres')`
      select realtime.send(jsonb_build_object('n', ${n}::int), 'e', 'r', false)`
  await send(1)
  await before.next(({ event }) => event === 'broadcast')
  // Killed before it has told the database so, it would be sent again.
  await expect.poll(() => slots(database)).toMatchObject([{ confirmed: true }])
  await part.kill()
  await before.closed
  for (const n of [2, 3, 4]) await send(n)
  await part.start()
  const after = await open()
  await send(5)
  await after.until(() => after.of('broadcast').some(({ payload }) => payload.payload.n === 5))
  expect(after.of('broadcast').map(({ payload }) => payload.payload.n)).toEqual([2, 3, 4, 5])
  after.close()
})

describe('the slot', () => {
  test('moves on while nobody is joined, so the log does not grow', async () => {
    await using realtime = await testRealtime()
    await realtime.sql`create table public.busy as select generate_series(1, 10000) n`
    await realtime.sql`select realtime.send('{}', 'e', 'nobody listens', true)`
    await expect
      .poll(() => slots(realtime.database), { timeout: 10_000 })
      .toMatchObject([{ confirmed: true }])
  })

  test('is dropped by a clean stop on a server of the operator', async () => {
    await using realtime = await testRealtime()
    expect(await slots(realtime.database)).toMatchObject([{ active: true }])
    await realtime.server.stop()
    expect(await slots(realtime.database)).toEqual([])
  })

  test('outlives a clean stop of the embedded server, but not when it lay idle for too long', async () => {
    await using database = await createTestDatabase()
    const start = (slotMaxIdleMs: number) =>
      startRealtime({
        config: database.config,
        log: silentLog,
        settings: { slotMaxIdleMs, dropsSlotOnStop: false },
      })
    const send = (n: number) => database.sql('postgres')`
      select realtime.send(jsonb_build_object('n', ${n}::int), 'e', 'r', false)`
    const hear = async (server: RunningRealtime, last: number) => {
      const socket = await RawSocket.open(server.port)
      await socket.join('r')
      await send(last)
      await socket.until(() => socket.of('broadcast').some(({ payload }) => payload.payload.n === last))
      socket.close()
      return socket.of('broadcast').map(({ payload }) => payload.payload.n)
    }
    await (await start(60_000)).stop()
    await send(1)
    const resumed = await start(60_000)
    expect(await hear(resumed, 2)).toEqual([1, 2])
    await resumed.stop()
    await send(3)
    const anew = await start(0)
    expect(await hear(anew, 4)).toEqual([4])
    await anew.stop()
  })

  test('that is lost disconnects everybody, so that they read again', async () => {
    await using realtime = await testRealtime()
    const socket = await realtime.raw()
    await socket.join('r')
    await realtime.database.sql('supabase_admin').unsafe(`do $$
      begin
        loop
          begin
            perform pg_terminate_backend(active_pid, 1000) from pg_replication_slots
              where database = current_database() and active;
            perform pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database();
            return;
          exception when object_in_use then null;
          end;
        end loop;
      end $$`)
    expect((await socket.closed).code).toBe(1012)
    const again = await realtime.raw()
    await again.join('r')
    await realtime.sql`select realtime.send('{}', 'e', 'r', false)`
    await again.next(({ event }) => event === 'broadcast')
  })

  test('that cannot be read any more is replaced after some attempts', async () => {
    await using realtime = await testRealtime()
    const socket = await realtime.raw()
    const admin = realtime.database.sql('supabase_admin')
    await admin`drop publication supabase_realtime`
    await realtime.sql`select realtime.send('{}', 'e', 'r', false)`
    await admin`create publication supabase_realtime`
    expect((await socket.closed).code).toBe(1012)
    const again = await realtime.raw()
    await again.join('r')
    await realtime.sql`select realtime.send('{}', 'e', 'r', false)`
    await again.next(({ event }) => event === 'broadcast')
  })
})

test('row changes that were committed after a kill reach who subscribes again', async () => {
  await using database = await createTestDatabase()
  await database.sql('postgres').unsafe(`
    create table public.restarted (id int primary key);
    grant select on public.restarted to anon;
    alter publication supabase_realtime add table public.restarted`)
  const [port] = await pickFreePorts(1)
  await using part = realtimePart(database, port!)
  await part.start()
  const open = async () => {
    const socket = await RawSocket.open(port!)
    await socket.join('r', { postgres_changes: [{ event: '*', schema: 'public', table: 'restarted' }] })
    await socket.next(({ event }) => event === 'system')
    return socket
  }
  const before = await open()
  await part.kill()
  await before.closed
  for (const id of [1, 2]) await database.sql('postgres')`insert into public.restarted values (${id})`
  await part.start()
  const after = await open()
  await database.sql('postgres')`insert into public.restarted values (3)`
  await after.until(() => after.of('postgres_changes').length >= 3)
  expect(after.of('postgres_changes').map(({ payload }) => payload.data.record.id)).toEqual([1, 2, 3])
  after.close()
})

test('more changes than can be asked about at once wait in the log, and all arrive in order', async () => {
  await using realtime = await testRealtime({ maxQueuedChanges: 20 })
  await realtime.sql.unsafe(`
    create table public.many (id int primary key);
    grant select on public.many to anon;
    alter publication supabase_realtime add table public.many`)
  const socket = await realtime.raw()
  await socket.join('r', { postgres_changes: [{ event: 'INSERT', schema: 'public', table: 'many' }] })
  await socket.next(({ event }) => event === 'system')
  for (let batch = 0; batch < 5; batch++) {
    await realtime.sql`insert into public.many select n from generate_series(${batch * 100}::int, ${batch * 100 + 99}::int) n`
  }
  await socket.until(() => socket.of('postgres_changes').length >= 500)
  expect(socket.of('postgres_changes').map(({ payload }) => payload.data.record.id)).toEqual(
    Array.from({ length: 500 }, (_, n) => n),
  )
})
