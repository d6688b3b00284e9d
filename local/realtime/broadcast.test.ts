import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inbox, subscribed, type TestRealtime, testRealtime } from './testing/realtime.ts'

let realtime: TestRealtime
beforeAll(async () => {
  realtime = await testRealtime()
})
afterAll(() => realtime[Symbol.asyncDispose]())

const userPush = (topic: string, event: string, payload: string | Buffer, ref = '9', joinRef = '1') => {
  const parts = [joinRef, ref, topic, event, ''].map((part) => Buffer.from(part))
  const isRaw = typeof payload !== 'string'
  return Buffer.concat([
    Buffer.from([3, ...parts.map((part) => part.length), isRaw ? 0 : 1]),
    ...parts,
    Buffer.from(payload as string),
  ])
}

describe.each(['1.0.0', '2.0.0'])('the official client in version %s', (vsn) => {
  test('broadcasts to the others, to itself when it asks, and is told when it arrived', async () => {
    const name = `room ${vsn}`
    const [one, other] = [await realtime.client(null, { vsn }), await realtime.client(null, { vsn })]
    const sender = one.channel(name, { config: { broadcast: { ack: true, self: true } } })
    const receiver = other.channel(name)
    const [own, received] = [inbox<unknown>(), inbox<unknown>()]
    sender.on('broadcast', { event: 'hello' }, (message) => own.add(message))
    receiver.on('broadcast', { event: 'hello' }, (message) => received.add(message))
    expect(await subscribed(sender)).toMatchObject({ status: 'SUBSCRIBED' })
    expect(await subscribed(receiver)).toMatchObject({ status: 'SUBSCRIBED' })
    expect(await sender.send({ type: 'broadcast', event: 'hello', payload: { n: 1 } })).toBe('ok')
    const expected = { type: 'broadcast', event: 'hello', payload: { n: 1 } }
    expect(await received.has(1)).toEqual([expected])
    expect(await own.has(1)).toEqual([expected])
  })

  test('hears the database, in the order of the commits', async () => {
    const received = inbox<{ payload: { n: number; id: string }; meta: { id: string } }>()
    const channel = (await realtime.client(null, { vsn })).channel(`db ${vsn}`)
    channel.on('broadcast', { event: '*' }, (message) => received.add(message as never))
    await subscribed(channel)
    for (let n = 1; n <= 20; n++) {
      await realtime.sql`select realtime.send(${realtime.sql.json({ n })}, 'tick', ${`db ${vsn}`}, false)`
    }
    const messages = await received.has(20)
    expect(messages.map((message) => message.payload.n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(messages[0]).toMatchObject({
      type: 'broadcast',
      event: 'tick',
      meta: { id: messages[0]!.payload.id },
    })
  })

  test('leaves, and hears no more', async () => {
    const client = await realtime.client(null, { vsn })
    const channel = client.channel('leaving')
    await subscribed(channel)
    expect(await channel.unsubscribe()).toBe('ok')
  })
})

test('a broadcast without self does not come back to its sender', async () => {
  const socket = await realtime.raw()
  await socket.join('quiet', { broadcast: { ack: true } })
  const answer = await socket.ask('realtime:quiet', 'broadcast', {
    type: 'broadcast',
    event: 'e',
    payload: {},
  })
  expect(answer).toEqual({ status: 'ok', response: {} })
  expect(socket.of('broadcast')).toEqual([])
})

test('public and private channels of one name do not hear each other', async () => {
  const [open, closed] = [await realtime.raw(), await realtime.raw({ apikey: 'sb_secret_for_tests' })]
  await open.join('two worlds')
  await closed.join('two worlds', { private: true })
  const { sql } = realtime
  await sql`select realtime.send('{"to":"private"}', 'e', 'two worlds', true)`
  await sql`select realtime.send('{"to":"public"}', 'e', 'two worlds', false)`
  await open.next((message) => message.event === 'broadcast')
  await closed.next((message) => message.event === 'broadcast')
  expect(open.of('broadcast').map((message) => message.payload.payload.to)).toEqual(['public'])
  expect(closed.of('broadcast').map((message) => message.payload.payload.to)).toEqual(['private'])
})

test('a binary broadcast reaches version 2 as kind 4, and version 1 as text when it is JSON', async () => {
  const [sender, second, first] = [await realtime.raw(), await realtime.raw(), await realtime.raw({ vsn: 1 })]
  for (const socket of [sender, second, first]) await socket.join('kinds')
  sender.webSocket.send(userPush('realtime:kinds', 'bytes', Buffer.from([0xff, 0x00])))
  sender.webSocket.send(userPush('realtime:kinds', 'json', '{"a":1}'))
  await second.until(() => second.binaryFrames.length === 2)
  expect(second.binaryFrames[0]).toEqual(
    Buffer.concat([
      Buffer.from([4, 14, 5, 0, 0]),
      Buffer.from('realtime:kindsbytes'),
      Buffer.from([0xff, 0]),
    ]),
  )
  await first.next((message) => message.event === 'broadcast')
  expect(first.of('broadcast').map((message) => message.payload)).toEqual([
    { type: 'broadcast', event: 'json', payload: { a: 1 } },
  ])
})

test('bytes from the database arrive as bytes', async () => {
  const socket = await realtime.raw()
  await socket.join('db bytes')
  await realtime.sql`select realtime.send_binary('\\xff00'::bytea, 'e', 'db bytes', false)`
  const message = await socket.next(({ event }) => event === 'broadcast')
  expect(message.payload).toMatchObject({ event: 'e', payload: Buffer.from([0xff, 0]), meta: { id: /./ } })
})

test('the official client sends and receives bytes', async () => {
  const received = inbox<{ payload: ArrayBuffer }>()
  const [one, other] = [await realtime.client(), await realtime.client()]
  const receiver = other.channel('client bytes')
  receiver.on('broadcast', { event: 'b' }, (message) => received.add(message as never))
  const sender = one.channel('client bytes', { config: { broadcast: { ack: true } } })
  await subscribed(receiver)
  await subscribed(sender)
  const { buffer } = new Uint8Array([1, 2, 255])
  expect(await sender.send({ type: 'broadcast', event: 'b', payload: buffer })).toBe('ok')
  const [message] = await received.has(1)
  expect([...new Uint8Array(message!.payload)]).toEqual([1, 2, 255])
})

test("Phoenix's own push is accepted and acknowledged", async () => {
  const [sender, receiver] = [await realtime.raw(), await realtime.raw()]
  await receiver.join('phoenix push')
  await sender.join('phoenix push', { broadcast: { ack: true } })
  const parts = ['1', '7', 'realtime:phoenix push', 'broadcast'].map((part) => Buffer.from(part))
  sender.webSocket.send(
    Buffer.concat([Buffer.from([0, ...parts.map((part) => part.length)]), ...parts, Buffer.from([1, 2])]),
  )
  await sender.next((message) => message.event === 'phx_reply' && message.ref === '7')
  const { payload } = await receiver.next((message) => message.event === 'broadcast')
  expect(payload.payload).toEqual(Buffer.from([1, 2]))
})

test('a JSON broadcast that is no JSON reaches nobody', async () => {
  const [sender, receiver] = [await realtime.raw(), await realtime.raw()]
  await receiver.join('broken json')
  await sender.join('broken json', { broadcast: { ack: true } })
  sender.webSocket.send(userPush('realtime:broken json', 'e', '{broken', '5'))
  const reply = await sender.next((message) => message.ref === '5')
  expect(reply.payload.status).toBe('error')
  sender.webSocket.send(userPush('realtime:broken json', 'e', '{}', '6'))
  await receiver.next((message) => message.event === 'broadcast')
  expect(receiver.of('broadcast')).toHaveLength(1)
})

test('broadcast_changes sends the row, and refuses what it cannot send', async () => {
  const { sql } = realtime
  await sql.unsafe(`
    create table public.things (id int primary key, name text);
    create function public.tell() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      perform realtime.broadcast_changes('things', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
      return null;
    end $$;
    create trigger tell after insert or update or delete on public.things for each row execute function public.tell();
  `)
  const socket = await realtime.raw({ apikey: 'sb_secret_for_tests' })
  await socket.join('things', { private: true })
  await sql`insert into public.things values (1, 'a')`
  await sql`update public.things set name = 'b'`
  await sql`delete from public.things`
  await socket.until(() => socket.of('broadcast').length === 3)
  expect(socket.of('broadcast').map(({ payload }) => payload.payload)).toEqual([
    expect.objectContaining({
      operation: 'INSERT',
      schema: 'public',
      table: 'things',
      record: { id: 1, name: 'a' },
    }),
    expect.objectContaining({ record: { id: 1, name: 'b' }, old_record: { id: 1, name: 'a' } }),
    expect.objectContaining({ operation: 'DELETE', record: null, old_record: { id: 1, name: 'b' } }),
  ])
  await expect(
    sql`select realtime.broadcast_changes('t', 'e', 'TRUNCATE', 'x', 'public', null::record, null::record)`,
  ).rejects.toThrow('Unexpected operation type')
  await expect(
    sql`select realtime.broadcast_changes('t', 'e', 'INSERT', 'x', 'public', null::record, null::record, 'STATEMENT')`,
  ).rejects.toThrow('for each row')
})

test('what cannot be sent is a warning and never costs the transaction', async () => {
  const warnings = inbox<string>()
  const sql = (await import('postgres')).default(realtime.database.url('postgres'), {
    max: 1,
    onnotice: (notice) => warnings.add(String(notice.message)),
  })
  await sql.begin(async (transaction) => {
    await transaction`select realtime.send('[1]'::jsonb, 'e', 't', true)`
    await transaction`select 1`
  })
  expect(await warnings.has(1)).toEqual([expect.stringContaining('ErrorSendingBroadcastMessage')])
  await sql.end()
})

describe('replay', () => {
  test('hands out the newest, oldest first, and nothing twice', async () => {
    const { sql } = realtime
    const since = Date.now() - 1_000
    for (let n = 1; n <= 30; n++) await sql`select realtime.send(${sql.json({ n })}, 'e', 'history', true)`
    await sql`select realtime.send('{"n":"public"}', 'e', 'history', false)`
    const client = await realtime.client(await realtime.token({ role: 'service_role' }))
    const channel = client.channel('history', {
      config: { private: true, broadcast: { replay: { since, limit: 3 } } },
    })
    const received = inbox<{ payload: { n: number }; meta: { replayed?: boolean } }>()
    channel.on('broadcast', { event: 'e' }, (message) => received.add(message as never))
    expect(await subscribed(channel)).toMatchObject({ status: 'SUBSCRIBED' })
    await sql`select realtime.send('{"n":31}', 'e', 'history', true)`
    const messages = await received.has(4)
    expect(messages.map(({ payload, meta }) => [payload.n, meta.replayed ?? false])).toEqual([
      [28, true],
      [29, true],
      [30, true],
      [31, false],
    ])
  })

  test('never hands out more than 25', async () => {
    const socket = await realtime.raw({ apikey: 'sb_secret_for_tests' })
    const config = { private: true, broadcast: { replay: { since: 0, limit: 1_000 } } }
    expect(await socket.join('history', config)).toMatchObject({ status: 'ok' })
    await socket.until(() => socket.of('broadcast').length >= 25)
    await socket.ask('phoenix', 'heartbeat')
    expect(socket.of('broadcast')).toHaveLength(25)
  })

  test.each([
    [{ private: false, broadcast: { replay: { since: 0 } } }, 'Replay is not allowed for public channels'],
    [{ private: true, broadcast: { replay: { since: 'x' } } }, 'Replay params are not valid'],
  ])('%j is refused', async (config, text) => {
    const socket = await realtime.raw({ apikey: 'sb_secret_for_tests' })
    const { status, response } = await socket.join('history', config)
    expect(status).toBe('error')
    expect(response.reason).toBe(`UnableToReplayMessages: ${text}`)
  })
})

test('who asks is told when the log is being read', async () => {
  const socket = await realtime.raw()
  await socket.join('ready', { broadcast: { replication_ready: true } })
  const { payload } = await socket.next((message) => message.event === 'system')
  expect(payload).toEqual({
    extension: 'system',
    status: 'ok',
    message: 'Replication connection established',
    channel: 'ready',
  })
})
