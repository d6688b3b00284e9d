/** The server as a process of its own, killed for real. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { pickFreePorts } from '../launcher/ports.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { RawSocket } from './testing/raw-socket.ts'
import { connectClient, signToken, testRealtime } from './testing/realtime.ts'

const running = new Set<ChildProcess>()
const gone = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve))

async function startProcess(database: TestDatabase, port: number): Promise<ChildProcess> {
  const config = { ...database.config, internal: { ...database.config.internal, realtime: port } }
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, BATON_STACK: JSON.stringify(config) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message: { type: string }) => message.type === 'ready' && resolve())
    child.once('exit', () => reject(new Error('The server ended before it was ready')))
  })
  return child
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  const ended = gone(child)
  child.kill(signal)
  await ended
}

afterEach(() => Promise.all([...running].map((child) => end(child, 'SIGTERM'))))

test('under load and kills, a feed that reads rows when it returns loses and doubles nothing', async () => {
  await using database = await createTestDatabase()
  const sql = database.sql('postgres')
  await sql.unsafe(`
    create table public.entries (seq bigint primary key);
    create table public.counter (seq bigint not null);
    insert into public.counter values (0);
    grant select on public.entries to authenticated;
    create policy "signed-in people read" on realtime.messages for select to authenticated using (true);
    create function public.append() returns void language sql as $$
      with next as (update public.counter set seq = seq + 1 returning seq),
        entry as (insert into public.entries select seq from next returning seq)
      select realtime.send(jsonb_build_object('seq', seq), 'entry', 'feed', true) from entry
    $$;
  `)
  const [port] = await pickFreePorts(1)
  let server = await startProcess(database, port!)

  const applied: number[] = []
  const statuses: string[] = []
  let reading: Promise<void> = Promise.resolve()
  const catchUp = () => {
    reading = reading.then(async () => {
      const rows = await sql<{ seq: string }[]>`
        select seq from public.entries where seq > ${applied.at(-1) ?? 0} order by seq`
      for (const { seq } of rows) if (Number(seq) === (applied.at(-1) ?? 0) + 1) applied.push(Number(seq))
    })
  }
  const client = await connectClient(port!, await signToken(database.config.keys.jwtSecret))
  client.realtime.socketAdapter.getSocket().reconnectAfterMs = () => 50
  const channel = client.channel('feed', { config: { private: true } })
  channel.on('broadcast', { event: 'entry' }, ({ payload }) => {
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
    while (isWriting) await sql`select public.append()`
  })
  for (let kills = 0; kills < 2; kills++) {
    const before = applied.length
    await expect.poll(() => applied.length, { timeout: 10_000 }).toBeGreaterThan(before + 50)
    await end(server, 'SIGKILL')
    server = await startProcess(database, port!)
    const joins = statuses.filter((status) => status === 'SUBSCRIBED').length
    await expect
      .poll(() => statuses.filter((status) => status === 'SUBSCRIBED').length, { timeout: 15_000 })
      .toBeGreaterThan(Math.max(joins - 1, kills + 1))
  }
  isWriting = false
  await Promise.all(writers)
  const [{ count }] = (await sql`select count(*)::int as count from public.entries`) as unknown as [
    { count: number },
  ]
  await expect.poll(() => applied.length, { timeout: 10_000 }).toBe(count)
  await reading
  expect(applied).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  await client.realtime.disconnect()
}, 60_000)

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'what was committed while nothing ran after %s reaches who comes back, once and in order',
  async (signal) => {
    await using database = await createTestDatabase()
    const [port] = await pickFreePorts(1)
    const server = await startProcess(keepingSlot(database), port!)
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
    await end(server, signal)
    await before.closed
    for (const n of [2, 3, 4]) await send(n)
    await startProcess(keepingSlot(database), port!)
    const after = await open()
    await send(5)
    await after.until(() => after.of('broadcast').some(({ payload }) => payload.payload.n === 5))
    expect(after.of('broadcast').map(({ payload }) => payload.payload.n)).toEqual([2, 3, 4, 5])
    after.close()
  },
)

/** As in the embedded server, whose slot outlives a clean stop. */
function keepingSlot(database: TestDatabase): TestDatabase {
  return database
}

describe('the slot', () => {
  const slots = (database: TestDatabase) => database.sql('supabase_admin')<
    { slot_name: string; active: boolean; confirmed: boolean }[]
  >`select slot_name, active, confirmed_flush_lsn >= pg_current_wal_lsn() as confirmed
    from pg_replication_slots where database = current_database()`

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

  test('that lay idle for too long is replaced, and its past forgotten', async () => {
    await using database = await createTestDatabase()
    const { startRealtime } = await import('./server.ts')
    const start = (slotMaxIdleMs: number) =>
      startRealtime({
        config: database.config,
        log: { debug() {}, info() {}, warn() {}, error() {} },
        settings: { slotMaxIdleMs, dropsSlotOnStop: false },
      })
    await (await start(60_000)).stop()
    await database.sql('postgres')`select realtime.send('{"n":1}', 'e', 'r', false)`
    const server = await start(0)
    const socket = await RawSocket.open(server.port)
    await socket.join('r')
    await database.sql('postgres')`select realtime.send('{"n":2}', 'e', 'r', false)`
    await socket.next(({ event }) => event === 'broadcast')
    expect(socket.of('broadcast').map(({ payload }) => payload.payload.n)).toEqual([2])
    socket.close()
    await server.stop()
    const admin = database.sql('supabase_realtime_admin')
    await admin`select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()`
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
