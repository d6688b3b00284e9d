import { createConnection, createServer, type Socket as NetSocket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/database.ts'
import { silentLog } from '../testing/throwaway.ts'
import { startRealtime } from './server.ts'
import { RawSocket } from './testing/raw-socket.ts'
import { type TestRealtime, testRealtime } from './testing/realtime.ts'

let realtime: TestRealtime
beforeAll(async () => {
  realtime = await testRealtime({
    maxPayloadBytes: 10_000,
    maxFrameBytes: 100_000,
    maxBufferedBytes: 500_000,
  })
})
afterAll(() => realtime[Symbol.asyncDispose]())

const message = (payload: unknown) => ({ type: 'broadcast', event: 'e', payload })

describe('a frame', () => {
  test.each([
    ['that is no JSON', '{'],
    ['of the wrong shape', '{"topic":5}'],
    ['of an unknown binary kind', Buffer.from([9, 1, 2])],
    ['that is cut short', Buffer.from([3, 200, 1, 1, 1, 1, 1])],
    ['that is empty', Buffer.alloc(0)],
  ])('%s closes its sender with a reason, and nobody else', async (_what, frame) => {
    const [bad, good] = [await realtime.raw(), await realtime.raw()]
    await bad.join('r')
    await good.join('r')
    bad.webSocket.send(frame)
    const { code, reason } = await bad.closed
    expect(code).toBe(1007)
    expect(reason).not.toBe('')
    expect(await good.ask('phoenix', 'heartbeat')).toMatchObject({ status: 'ok' })
  })

  test('that is too large closes its sender', async () => {
    const socket = await realtime.raw()
    socket.webSocket.send('x'.repeat(100_001))
    expect((await socket.closed).code).toBe(1009)
  })

  test('with a payload of the wrong kind is survived', async () => {
    const socket = await realtime.raw()
    await socket.join('r', { broadcast: { ack: true } })
    for (const event of ['broadcast', 'presence', 'access_token', 'phx_join', 'made up']) {
      for (const payload of [null, 5, 'text', [], { payload: { payload: null } }]) {
        socket.send('realtime:r', event, payload)
      }
    }
    expect(await socket.ask('phoenix', 'heartbeat')).toMatchObject({ status: 'ok' })
  })
})

test('a payload over the limit is refused with ack, and dropped without', async () => {
  const [reader, plain, asking] = [await realtime.raw(), await realtime.raw(), await realtime.raw()]
  await reader.join('large')
  await plain.join('large')
  await asking.join('large', { broadcast: { ack: true } })
  const large = message({ text: 'x'.repeat(11_000) })
  expect(await asking.ask('realtime:large', 'broadcast', large)).toEqual({
    status: 'error',
    response: { reason: 'payload_size_exceeded' },
  })
  const ref = plain.send('realtime:large', 'broadcast', large)
  await plain.ask('phoenix', 'heartbeat')
  expect(plain.messages.some((each) => each.ref === ref)).toBe(false)
  await asking.ask('realtime:large', 'broadcast', message({}))
  await reader.next(({ event }) => event === 'broadcast')
  expect(reader.of('broadcast')).toHaveLength(1)
})

test('who floods a channel loses it, and others stay', async () => {
  await using strict = await testRealtime({ socketEventsPerSecond: 1, socketFramesPerSecond: 1_000 })
  const [flood, calm] = [await strict.raw(), await strict.raw()]
  await flood.join('busy')
  await calm.join('busy', { broadcast: { ack: true } })
  for (let n = 0; n <= 60; n++) flood.send('realtime:busy', 'broadcast', message({ n }))
  const { payload } = await flood.next(({ event }) => event === 'system')
  expect(payload).toMatchObject({ status: 'error', message: 'Too many messages per second' })
  await flood.next(({ event }) => event === 'phx_close')
  expect(await calm.ask('realtime:busy', 'broadcast', message({}))).toMatchObject({ status: 'ok' })
})

test('who floods the socket is disconnected', async () => {
  await using strict = await testRealtime({ socketFramesPerSecond: 10 })
  const socket = await strict.raw()
  for (let n = 0; n <= 100; n++) socket.send('realtime:none', 'broadcast', message({}))
  expect(await socket.closed).toEqual({ code: 1008, reason: 'Too many messages per second' })
})

test('who joins too often is disconnected, with the reason first', async () => {
  await using strict = await testRealtime({ socketJoinsPerSecond: 1 })
  const socket = await strict.raw()
  for (let n = 0; n < 5; n++) await socket.join('r')
  const { response } = await socket.join('r')
  expect(response.reason).toBe('ClientJoinRateLimitReached: Too many joins per second')
  expect((await socket.closed).code).toBe(1008)
})

test('a reader that stops reading is closed, and the others get everything', async () => {
  const [slow, quick, sender] = [await realtime.raw(), await realtime.raw(), await realtime.raw()]
  for (const socket of [slow, quick, sender]) await socket.join('slow', { broadcast: { ack: true } })
  slow.webSocket.pause()
  const closed = () => realtime.logged.find(({ fields }) => fields.code === 1013)
  let sent = 0
  while (!closed()) {
    await sender.ask('realtime:slow', 'broadcast', message({ n: sent++, text: 'x'.repeat(9_000) }))
    if (sent > 5_000) break
  }
  expect(closed()?.fields.reason).toBe('The connection reads too slowly')
  await quick.until(() => quick.of('broadcast').length === sent)
  expect(quick.of('broadcast').map(({ payload }) => payload.payload.n)).toEqual(
    Array.from({ length: sent }, (_, n) => n),
  )
})

test('a socket that says nothing is dropped, one that sends heartbeats is kept', async () => {
  await using impatient = await testRealtime({ idleTimeoutMs: 300 })
  const [silent, alive] = [await impatient.raw(), await impatient.raw()]
  const beats = setInterval(() => alive.send('phoenix', 'heartbeat', {}), 50)
  expect(await silent.closed).toEqual({ code: 1001, reason: 'No heartbeat' })
  clearInterval(beats)
  expect(await alive.ask('phoenix', 'heartbeat')).toMatchObject({ status: 'ok' })
})

test('what waits for the database is bounded: the rest stays in the network', async () => {
  await using narrow = await testRealtime({ maxPendingMessages: 5, socketFramesPerSecond: 10_000 })
  await narrow.sql.unsafe(`
    create policy "all read" on realtime.messages for select to authenticated using (true);
    create policy "all write, slowly" on realtime.messages for insert to authenticated
      with check (pg_sleep(0.2) is not null)`)
  const [writer, reader] = [await narrow.raw(), await narrow.raw()]
  for (const socket of [writer, reader]) {
    await socket.join('r', { private: true }, { access_token: await narrow.token() })
  }
  for (let n = 0; n < 500; n++) writer.send('realtime:r', 'broadcast', message({ n }))
  await reader.until(() => reader.of('broadcast').length === 500)
  expect(reader.of('broadcast').map(({ payload }) => payload.payload.n)).toEqual(
    Array.from({ length: 500 }, (_, n) => n),
  )
})

test('closed sockets leave nothing behind', async () => {
  const socket = await realtime.raw()
  for (const name of ['a', 'b']) await socket.join(name, { presence: { enabled: true } })
  const { sockets, channels } = realtime.server.stats()
  socket.close()
  await expect
    .poll(() => realtime.server.stats())
    .toMatchObject({ sockets: sockets - 1, channels: channels - 2 })
})

describe('when the database is out of reach', () => {
  test('joins say so, open channels stay, and what was committed meanwhile arrives once it is back', async () => {
    await using database = await createTestDatabase()
    const target = new URL(database.url('supabase_realtime_admin'))
    const line = await openLine(Number(target.port))
    const url = new URL(database.config.externalDatabaseUrl!)
    url.port = String(line.port)

    const server = await startRealtime({
      config: { ...database.config, externalDatabaseUrl: url.href },
      log: silentLog,
      settings: { joinErrorDelayMs: 1 },
    })
    const open = () => RawSocket.open(server.port, { apikey: 'sb_secret_for_tests' })
    const [stays, comes] = [await open(), await open()]
    await database.sql('postgres').unsafe(`
      create table public.outage (id int primary key);
      grant select on public.outage to service_role;
      alter publication supabase_realtime add table public.outage`)
    const postgres_changes = [{ event: 'INSERT', schema: 'public', table: 'outage' }]
    await stays.join('r', { private: true, postgres_changes })
    await stays.next(({ event }) => event === 'system')
    const send = (n: number) => database.sql('postgres')`
      select realtime.send(jsonb_build_object('n', ${n}::int), 'e', 'r', true)`
    await send(1)
    await stays.next(({ event }) => event === 'broadcast')

    await database.sql('postgres')`insert into public.outage values (1)`
    line.cut()
    await send(2)
    await database.sql('postgres')`insert into public.outage values (2)`
    expect((await comes.join('r', { private: true })).response.reason).toMatch(/^UnableToConnectToProject: /)
    expect((await fetch(`http://127.0.0.1:${server.port}/health`)).status).toBe(503)

    line.mend()
    await send(3)
    await stays.until(() => stays.of('broadcast').length === 3)
    expect(stays.of('broadcast').map(({ payload }) => payload.payload.n)).toEqual([1, 2, 3])
    expect(await comes.join('r', { private: true })).toMatchObject({ status: 'ok' })
    await stays.until(() => stays.of('postgres_changes').length === 2)
    expect(stays.of('postgres_changes').map(({ payload }) => payload.data.record.id)).toEqual([1, 2])
    for (const socket of [stays, comes]) socket.close()
    await server.stop()
    line.close()
  })
})

/** A wire to the database that can be cut. */
async function openLine(target: number) {
  const connections = new Set<NetSocket>()
  let isCut = false
  const wire = createServer((near) => {
    if (isCut) return near.destroy()
    const far = createConnection(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      connections.add(from)
      from.on('error', () => {})
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  return {
    port: (wire.address() as { port: number }).port,
    cut() {
      isCut = true
      for (const connection of connections) connection.destroy()
      connections.clear()
    },
    mend() {
      isCut = false
    },
    close: () => wire.close(),
  }
}
