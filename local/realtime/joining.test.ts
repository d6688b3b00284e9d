import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestRealtime, testRealtime } from './testing/realtime.ts'

let realtime: TestRealtime
beforeAll(async () => {
  realtime = await testRealtime({ channelsPerSocket: 5 })
})
afterAll(() => realtime[Symbol.asyncDispose]())

describe('opening a socket', () => {
  const open = (query: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; body: unknown; ms: number }>((resolve) => {
      const startedAt = performance.now()
      const request = get(`http://127.0.0.1:${realtime.port}/realtime/v1/websocket?${query}`, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          ...headers,
        },
      })
      request.on('upgrade', (_response, stream) => {
        stream.destroy()
        resolve({ status: 101, body: null, ms: performance.now() - startedAt })
      })
      request.on('response', async (response) => {
        const chunks = []
        for await (const chunk of response) chunks.push(chunk)
        const body = JSON.parse(Buffer.concat(chunks).toString())
        resolve({ status: response.statusCode!, body, ms: performance.now() - startedAt })
      })
    })

  test('needs a key that is known', async () => {
    expect(await open('')).toMatchObject({ status: 401, body: { error: 'Missing API key' } })
    expect(await open('apikey=nonsense')).toMatchObject({ status: 401, body: { error: expect.any(String) } })
    expect(await open('apikey=sb_publishable_for_tests')).toMatchObject({ status: 101 })
  })

  test('takes the key from the header first, and a signed one too', async () => {
    expect(await open('apikey=nonsense', { 'x-api-key': 'sb_secret_for_tests' })).toMatchObject({
      status: 101,
    })
    expect(await open(`apikey=${await realtime.token({ role: 'anon' })}`)).toMatchObject({ status: 101 })
    expect(await open(`apikey=${await realtime.token({ exp: 1 })}`)).toMatchObject({ status: 401 })
  })

  test('is refused late', async () => {
    await using slow = await testRealtime({ handshakeErrorDelayMs: 300 })
    const startedAt = performance.now()
    await expect(slow.raw({ apikey: 'nonsense' })).rejects.toThrow('401')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295)
  })

  test('works on the path behind the gateway too', async () => {
    const socket = await realtime.raw({ path: '/socket/websocket' })
    expect(await socket.ask('phoenix', 'heartbeat')).toEqual({ status: 'ok', response: {} })
  })
})

describe.each([1, 2] as const)('in version %i', (vsn) => {
  test('a join is answered, a leave too, and the channel closes', async () => {
    const socket = await realtime.raw({ vsn })
    expect(await socket.join('r')).toEqual({ status: 'ok', response: { postgres_changes: [] } })
    expect(await socket.ask('realtime:r', 'phx_leave')).toEqual({ status: 'ok', response: {} })
    const close = await socket.next(({ event }) => event === 'phx_close')
    expect(close).toMatchObject({ topic: 'realtime:r', joinRef: '1', payload: {} })
    expect(await socket.ask('realtime:r', 'broadcast', {})).toMatchObject({ status: 'error' })
  })

  test('a heartbeat is answered', async () => {
    const socket = await realtime.raw({ vsn })
    expect(await socket.ask('phoenix', 'heartbeat')).toEqual({ status: 'ok', response: {} })
  })
})

describe('a join', () => {
  test('needs a topic', async () => {
    const socket = await realtime.raw()
    expect(await socket.join('')).toEqual({
      status: 'error',
      response: { reason: 'TopicNameRequired: You must provide a topic name' },
    })
    expect(await socket.ask('other:topic', 'phx_join')).toMatchObject({
      response: { reason: 'unmatched topic' },
    })
  })

  test('of a topic that is joined replaces it', async () => {
    const socket = await realtime.raw()
    await socket.join('again')
    await socket.join('again')
    expect(socket.of('phx_close')).toMatchObject([{ joinRef: '1' }])
    await realtime.sql`select realtime.send('{}', 'e', 'again', false)`
    await socket.next(({ event }) => event === 'broadcast')
    await socket.ask('phoenix', 'heartbeat')
    expect(socket.of('broadcast')).toHaveLength(1)
    expect(socket.of('phx_close')).toHaveLength(1)
  })

  test('beyond the limit of channels is refused', async () => {
    const socket = await realtime.raw()
    for (let count = 0; count < 5; count++)
      expect(await socket.join(`c${count}`)).toMatchObject({ status: 'ok' })
    expect(await socket.join('one more')).toEqual({
      status: 'error',
      response: { reason: 'ChannelRateLimitReached: Too many channels' },
    })
    await socket.ask('realtime:c0', 'phx_leave')
    expect(await socket.join('one more')).toMatchObject({ status: 'ok' })
  })

  test('that is refused is refused late, can be left before, and holds nothing else up', async () => {
    await using slow = await testRealtime({ joinErrorDelayMs: 2_000 })
    const socket = await slow.raw()
    const startedAt = performance.now()
    let isRefused = false
    const refused = socket.join('closed', { private: true }).finally(() => {
      isRefused = true
    })
    socket.send('realtime:left', 'phx_join', { config: { private: true } }, { ref: 'x' })
    expect(await socket.join('open')).toMatchObject({ status: 'ok' })
    expect(await socket.ask('realtime:left', 'phx_leave')).toMatchObject({ status: 'ok' })
    expect(isRefused).toBe(false)
    expect(await refused).toMatchObject({ status: 'error' })
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_995)
    expect(socket.messages.some(({ ref, event }) => ref === 'x' && event === 'phx_reply')).toBe(false)
  })

  test('of a public channel is refused where only private ones are allowed', async () => {
    await using strict = await testRealtime({ privateOnly: true })
    const socket = await strict.raw()
    expect(await socket.join('r')).toMatchObject({
      response: { reason: 'PrivateOnly: This project only allows private channels' },
    })
  })
})
