import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inbox, subscribed, type TestRealtime, testRealtime } from './testing/realtime.ts'

let realtime: TestRealtime
beforeAll(async () => {
  realtime = await testRealtime()
  await realtime.sql.unsafe(`create policy "signed-in people write to open rooms" on realtime.messages
    for insert to authenticated with check (realtime.topic() = 'open')`)
})
afterAll(() => realtime[Symbol.asyncDispose]())

const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${realtime.port}/realtime/v1/api/broadcast${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', apikey: 'sb_publishable_for_tests', ...headers },
  })
const batch = (messages: unknown, headers: Record<string, string> = {}) =>
  post('', JSON.stringify({ messages }), headers)
const listen = async (name: string, isPrivate = false) => {
  const socket = await realtime.raw({ apikey: 'sb_secret_for_tests' })
  await socket.join(name, { private: isPrivate })
  return socket
}
const signedIn = async () => ({ authorization: `Bearer ${await realtime.token()}` })

describe('many messages in one request', () => {
  test('reach their channels as text', async () => {
    const [one, two] = [await listen('one'), await listen('two')]
    const response = await batch([
      { topic: 'one', event: 'a', payload: { n: 1 } },
      { topic: 'two', event: 'b', payload: { n: 2 } },
    ])
    expect(response.status).toBe(202)
    expect(await response.text()).toBe('')
    const first = await one.next(({ event }) => event === 'broadcast')
    expect(first).toEqual({
      joinRef: null,
      ref: null,
      topic: 'realtime:one',
      event: 'broadcast',
      payload: { type: 'broadcast', event: 'a', payload: { n: 1 } },
    })
    expect(one.binaryFrames).toEqual([])
    expect((await two.next(({ event }) => event === 'broadcast')).payload.payload).toEqual({ n: 2 })
  })

  test('skip the private channels that the caller may not write to', async () => {
    const [open, closed] = [await listen('open', true), await listen('closed', true)]
    const messages = ['closed', 'open'].map((topic) => ({ topic, event: 'e', payload: {}, private: true }))
    expect((await batch(messages, await signedIn())).status).toBe(202)
    await open.next(({ event }) => event === 'broadcast')
    await closed.ask('phoenix', 'heartbeat')
    expect(closed.of('broadcast')).toEqual([])
  })

  test.each([
    [undefined, { messages: ["can't be blank"] }],
    [[], { messages: ["can't be blank"] }],
    [
      [
        { topic: 'a', event: 'e', payload: 'text' },
        { event: 5, payload: {} },
      ],
      { messages: [{ payload: ['is invalid'] }, { topic: ["can't be blank"], event: ['is invalid'] }] },
    ],
  ])('%j is not understood', async (messages, errors) => {
    const response = await batch(messages)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ errors })
  })

  test('need a caller', async () => {
    expect((await batch([], { apikey: 'nonsense' })).status).toBe(401)
    expect((await batch([], { apikey: '', authorization: 'Bearer x.y.z' })).status).toBe(401)
  })
})

describe('one message', () => {
  test('arrives as kind 4, JSON or bytes', async () => {
    const socket = await listen('a/b c')
    expect((await post('/a%2Fb%20c/events/json', '{"n":1}')).status).toBe(202)
    const headers = { 'content-type': 'application/octet-stream' }
    expect((await post('/a%2Fb%20c/events/bytes', new Uint8Array([0, 255]), headers)).status).toBe(202)
    await socket.until(() => socket.binaryFrames.length === 2)
    expect(socket.of('broadcast').map(({ payload }) => payload)).toEqual([
      { type: 'broadcast', event: 'json', payload: { n: 1 } },
      { type: 'broadcast', event: 'bytes', payload: Buffer.from([0, 255]) },
    ])
  })

  test('to a private channel needs the right to write', async () => {
    const socket = await listen('open', true)
    expect((await post('/open/events/e?private=true', '{}')).status).toBe(403)
    expect((await post('/closed/events/e?private=true', '{}', await signedIn())).status).toBe(403)
    expect((await post('/open/events/e?private=true', '{}', await signedIn())).status).toBe(202)
    await socket.next(({ event }) => event === 'broadcast')
  })

  test('of another type, too large, or from nobody is refused', async () => {
    expect((await post('/a/events/e', 'x', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('/a/events/e', JSON.stringify('x'.repeat(3_000_001)))).status).toBe(422)
    expect((await post('/a/events/e', 'x'.repeat(5_000_001))).status).toBe(413)
    expect((await post('/a/events/e', '{}', { apikey: 'nonsense' })).status).toBe(401)
    expect((await post('/a/events/e', '{broken')).status).toBe(400)
    expect((await post('/a/b', '{}')).status).toBe(404)
  })
})

test('the official client sends by HTTP before it has joined', async () => {
  const received = inbox<{ event: string; payload: unknown }>()
  const receiver = (await realtime.client()).channel('by http')
  receiver.on('broadcast', { event: '*' }, (message) => received.add(message as never))
  await subscribed(receiver)
  const sender = (await realtime.client()).channel('by http')
  expect(await sender.httpSend('single', { n: 1 })).toEqual({ success: true })
  expect(await sender.send({ type: 'broadcast', event: 'batch', payload: { n: 2 } })).toBe('ok')
  expect((await received.has(2)).map(({ event, payload }) => [event, payload])).toEqual([
    ['single', { n: 1 }],
    ['batch', { n: 2 }],
  ])
})

test('health and figures are there to be read', async () => {
  const base = `http://127.0.0.1:${realtime.port}`
  const health = await fetch(`${base}/health`)
  expect(health.status).toBe(200)
  expect(await health.json()).toMatchObject({ status: 'ok', replication: { streaming: true } })
  expect(await (await fetch(`${base}/metrics`)).text()).toMatch(/^realtime_sockets \d+$/m)
})
