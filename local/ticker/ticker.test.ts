import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createLog, type Fields } from '../log.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { eventually } from '../testing/eventually.ts'
import { startTicker } from './start.ts'

const HOURLY = 3_600_000

type Call = { path: string; headers: IncomingHttpHeaders; body: unknown }

/** Stands for the API: notes what it is asked, and answers what the test says. */
async function listeningApi(answer = (): number => 202) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    calls.push({
      path: request.url!,
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    })
    response.writeHead(answer()).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const called = (path: string) => eventually(() => expect(calls.map((call) => call.path)).toContain(path))
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { calls, called, port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: close }
}

async function tickerOn(
  database: TestDatabase,
  apiPort: number,
  { everyMs = HOURLY, databasePort = 0 } = {},
) {
  const { config } = database
  const lines: Fields[] = []
  const url = new URL(config.externalDatabaseUrl!)
  if (databasePort) url.port = String(databasePort)
  const ticker = await startTicker({
    config: { ...config, externalDatabaseUrl: url.href, ports: { ...config.ports, api: apiPort } },
    log: createLog('ticker', (line) => void lines.push(JSON.parse(line))),
    everyMs,
  })
  return { lines, [Symbol.asyncDispose]: () => ticker.stop() }
}

const wake = (database: TestDatabase, name: string, payload = {}) =>
  database.sql('postgres')`select public.wake(${name}, ${database.sql('postgres').json(payload)})`

/** Has `tick` leave a trace and do nothing else. */
async function countTicks(database: TestDatabase, body = 'insert into public.ticks default values;') {
  const sql = database.sql('postgres')
  await sql.unsafe(`
    create table if not exists public.ticks (at timestamptz default clock_timestamp());
    create or replace function public.tick() returns jsonb language plpgsql as $$ begin ${body} return '{}'; end $$;
  `)
  return async () => Number((await sql`select count(*) from public.ticks`)[0]!.count)
}

test('a wake reaches its function at once, with the secret key', async () => {
  await using database = await createTestDatabase()
  await using api = await listeningApi()
  await using _ = await tickerOn(database, api.port)
  await wake(database, 'agent', { run: 7 })
  await api.called('/functions/v1/agent')
  const call = api.calls.find(({ path }) => path.endsWith('agent'))!
  expect(call.body).toEqual({ run: 7 })
  expect(call.headers.apikey).toBe(database.config.keys.secret)
})

test('a wake of a transaction that is rolled back never was', async () => {
  await using database = await createTestDatabase()
  await using api = await listeningApi()
  await using _ = await tickerOn(database, api.port)
  const sql = database.sql('postgres')
  const undone = sql.begin(async (sql) => {
    await sql`select public.wake('undone')`
    throw new Error('undo')
  })
  await expect(undone).rejects.toThrow('undo')
  await wake(database, 'done')
  await api.called('/functions/v1/done')
  expect(api.calls.map(({ path }) => path)).not.toContain('/functions/v1/undone')
})

test('a function that fails is asked again, one that refuses is not', async () => {
  await using database = await createTestDatabase()
  const answers = [503, 202]
  await using api = await listeningApi(() => answers.shift() ?? 403)
  await using _ = await tickerOn(database, api.port)
  await wake(database, 'agent')
  await eventually(() => expect(api.calls).toHaveLength(2))
  await wake(database, 'refused')
  await wake(database, 'after')
  await api.called('/functions/v1/after')
  expect(api.calls.filter(({ path }) => path.endsWith('refused'))).toHaveLength(1)
})

test('it ticks again and again, whatever a tick says', async () => {
  await using database = await createTestDatabase()
  const ticks = await countTicks(database, "raise exception 'broken chore';")
  await using ticker = await tickerOn(database, 0, { everyMs: 5 })
  await eventually(() =>
    expect(ticker.lines).toContainEqual(expect.objectContaining({ message: 'tick failed' })),
  )
  await countTicks(database)
  await eventually(async () => expect(await ticks()).toBeGreaterThan(2))
  expect(ticker.lines.filter(({ message }) => message === 'tick failed')).toHaveLength(1)
  expect(ticker.lines).toContainEqual(expect.objectContaining({ message: 'ticking again' }))
})

test('ticks of one ticker never overlap', async () => {
  await using database = await createTestDatabase()
  const ticks = await countTicks(
    database,
    `if not pg_try_advisory_lock(4711) then raise exception 'overlap'; end if;
     perform pg_sleep(0.02); perform pg_advisory_unlock(4711);
     insert into public.ticks default values;`,
  )
  await using ticker = await tickerOn(database, 0, { everyMs: 1 })
  await eventually(async () => expect(await ticks()).toBeGreaterThan(5))
  expect(ticker.lines).toEqual([])
})

test('after the database was away it listens again, and ticks to catch up', async () => {
  await using database = await createTestDatabase()
  const ticks = await countTicks(database)
  await using api = await listeningApi()
  await using cable = await openCable(Number(new URL(database.config.externalDatabaseUrl!).port))
  await using _ = await tickerOn(database, api.port, { databasePort: cable.port })
  await eventually(async () => expect(await ticks()).toBe(1))

  await cable.cut()
  await wake(database, 'lost')
  await cable.mend()
  await eventually(async () => expect(await ticks()).toBeGreaterThan(1))
  await wake(database, 'heard')
  await api.called('/functions/v1/heard')
})

/** A TCP connection in between that can be cut, and mended at the same port. */
async function openCable(databasePort: number) {
  const sockets = new Set<Socket>()
  const server = createTcpServer((near) => {
    const far = connect(databasePort, '127.0.0.1')
    for (const socket of [near, far])
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    near.pipe(far).pipe(near)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const cut = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return { port, cut, mend: () => listen(port), [Symbol.asyncDispose]: cut }
}
