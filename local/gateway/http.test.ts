import { createServer, request as httpRequest, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { pickFreePorts } from '../launcher/ports.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let gateway: TestGateway
let part: Server
const sockets = new WebSocketServer({ noServer: true })

/** Stands where functions and realtime are: what matters here is what the gateway passes on. */
beforeAll(async () => {
  part = createServer((request, response) => {
    if (request.url?.startsWith('/functions/v1/echo')) {
      response.writeHead(201, { 'content-type': 'application/json', 'x-own': 'yes' })
      request.pipe(response)
    } else if (request.url?.startsWith('/functions/v1/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: first\n\n')
      response.on('close', () => part.emit('gone'))
    } else if (request.url === '/metrics') response.end('realtime_channels 3\n')
    else response.end(JSON.stringify({ url: request.url, headers: request.headers }))
  })
  part.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data, isBinary) =>
        client.send(isBinary ? data : `${request.url} ${data}`, { binary: isBinary }),
      )
    }),
  )
  await new Promise<void>((settle) => part.listen(0, '127.0.0.1', settle))
  const { port } = part.address() as AddressInfo
  const takeOver = (_: string, socket: Socket, read: Buffer) => {
    socket.unshift(read)
    part.emit('connection', socket)
  }
  gateway = await startTestGateway(
    (config) => ({
      ...config,
      internal: { ...config.internal, functions: port, realtime: port, builder: port },
      ports: { ...config.ports, app: port, preview: port, model: port },
    }),
    { giveSocket: takeOver },
  )
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  part.closeAllConnections()
  part.close()
})

const key = () => ({ apikey: gateway.config.keys.publishable })
const get = (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers })

describe('keys', () => {
  test('are needed, as a header or in the query', async () => {
    const none = await get('/rest/v1/teams')
    expect(none.status).toBe(401)
    expect(await none.json()).toMatchObject({ message: 'No API key found in request' })
    expect(none.headers.get('access-control-allow-origin')).toBe('*')
    expect(await (await get('/rest/v1/teams', { apikey: 'sb_publishable_wrong' })).json()).toMatchObject({
      message: 'Invalid API key',
    })
    const { publishable } = gateway.config.keys
    for (const answer of [await get('/rest/v1/', key()), await get(`/rest/v1/?apikey=${publishable}`)])
      expect(answer.status).toBe(403)
    expect((await get(`/auth/v1/settings?apikey=${publishable}`)).status).toBe(200)
    expect((await get('/auth/v1/settings')).status).toBe(401)
  })

  test('as bearer token count only when they repeat the key', async () => {
    const { publishable, secret } = gateway.config.keys
    expect((await get('/rest/v1/teams', { ...key(), authorization: `Bearer ${publishable}` })).status).toBe(
      401,
    ) // as anon
    expect(
      await (await get('/rest/v1/teams', { ...key(), authorization: `Bearer ${secret}` })).json(),
    ).toMatchObject({ message: 'Invalid Authorization header' })
  })

  test('that are secret do not work in a browser', async () => {
    const answer = await get('/rest/v1/teams', {
      apikey: gateway.config.keys.secret,
      'user-agent': 'Mozilla/5.0 (X11)',
    })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ message: 'Forbidden use of secret API key in browser' })
    expect(
      (await get('/storage/v1/bucket', { apikey: gateway.config.keys.secret, 'user-agent': 'Mozilla/5.0' }))
        .status,
    ).toBe(401)
  })
})

describe('tokens', () => {
  const secret = () => new TextEncoder().encode(gateway.config.keys.jwtSecret)
  const sign = (claims: Record<string, unknown>, { alg = 'HS256', exp = '1h', with: by = secret() } = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg }).setIssuedAt().setExpirationTime(exp).sign(by)

  test('that nobody signed, somebody else signed, or that are over are refused', async () => {
    const bad = [
      new UnsecuredJWT({ role: 'service_role' }).encode(),
      await sign(
        { role: 'service_role' },
        { with: new TextEncoder().encode('another secret that is long enough!') },
      ),
      await sign({ role: 'authenticated' }, { exp: '-1s' }),
      `${(await sign({ role: 'authenticated' })).slice(0, -4)}AAAA`,
      'a.b.c',
      'nonsense',
      '..',
    ]
    for (const token of bad) {
      const answer = await get('/rest/v1/teams', { ...key(), authorization: `Bearer ${token}` })
      expect([answer.status, token]).toEqual([401, token])
      expect((await answer.json()).code).toMatch(/^PGRST30[13]$/)
    }
  })

  test('name a role that exists, or are refused', async () => {
    for (const role of ['supabase_admin', 'postgres', 'no_such_role', "x'; drop table teams; --"]) {
      const answer = await get('/rest/v1/teams', {
        ...key(),
        authorization: `Bearer ${await sign({ role })}`,
      })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
    }
  })
})

describe('a request that is not meant for this machine', () => {
  const status = (host: string, path = '/health') =>
    new Promise<number | undefined>((settle, fail) => {
      const { port } = new URL(gateway.url)
      httpRequest({ port, host: '127.0.0.1', path, headers: { host } }, (answer) =>
        settle(answer.resume().statusCode),
      )
        .on('error', fail)
        .end()
    })

  test.each([
    ['evil.test', 421],
    ['127.0.0.1.evil.test:80', 421],
    ['localhost:1', 200],
    ['LOCALHOST', 200],
    ['127.0.0.1', 200],
    ['[::1]:5', 200],
  ])('by its host %s is answered %i', async (host, expected) => {
    expect(await status(host, '/')).toBe(expected)
    expect(await status(host, '/mailbox')).toBe(expected)
  })
})

describe('other origins', () => {
  test('may call the API', async () => {
    const preflight = await fetch(`${gateway.url}/auth/v1/token`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://app.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'apikey,x-own',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('apikey,x-own')
    expect((await get('/rest/v1/nope', key())).headers.get('access-control-expose-headers')).toContain(
      'Content-Range',
    )
  })

  test('may not read the mailbox, nor frame it', async () => {
    const page = await get('/mailbox', { origin: 'http://app.test' })
    expect(page.headers.get('access-control-allow-origin')).toBeNull()
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })
})

describe('nonsense', () => {
  test.each([
    ['GET', '/rest/v1/%zz', ''],
    ['GET', '/rest/v1/teams?id=eq.%zz', ''],
    ['GET', '/rest/v1/teams?select=((((', ''],
    ['GET', '/rest/v1/teams?or=(a.b.c', ''],
    ['GET', '/rest/v1/teams?order=id.up,,', ''],
    ['GET', '/rest/v1/teams?limit=-1&offset=x', ''],
    ['GET', "/rest/v1/teams?id=eq.';drop table teams", ''],
    ['GET', '/rest/v1/a/b/c', ''],
    ['POST', '/rest/v1/rpc/create_team', '{"name":'],
    ['POST', '/rest/v1/rpc/create_team', '[[[['],
    ['POST', '/rest/v1/rpc/create_team', '"x"'],
    ['POST', '/rest/v1/teams', '\0\0\0'],
    ['POST', '/rest/v1/teams?columns=%00', '{}'],
    ['PATCH', '/rest/v1/teams?id=is.x', '{"a":1}'],
    ['POST', '/auth/v1/signup', '{'],
    ['POST', '/auth/v1/signup', '[]'],
    ['POST', '/auth/v1/signup', 'null'],
    ['POST', '/auth/v1/signup', '{"email":{"a":1},"password":[]}'],
    ['POST', '/auth/v1/token?grant_type=password', '{"email":1,"password":2}'],
    ['POST', '/auth/v1/token?grant_type=refresh_token', '{"refresh_token":{}}'],
    ['POST', '/auth/v1/token', '{}'],
    ['GET', '/auth/v1/verify?type=signup&token=%00', ''],
    ['POST', '/auth/v1/verify', '{"type":"signup","token_hash":["x"]}'],
    ['POST', '/auth/v1/otp', '{"email":["a@b.c"]}'],
    ['GET', '/auth/v1/authorize?provider=github', ''],
    ['POST', '/storage/v1/object/list/nope', '{'],
    ['GET', '/storage/v1/object/public/x/%00', ''],
    ['GET', '/mailbox/api/messages/..%2f..%2fetc', ''],
    ['GET', '/nowhere', ''],
    ['GET', '//evil.test/', ''],
  ])('%s %s %s is refused as such', async (method, path, body) => {
    const answer = await fetch(gateway.url + path, {
      method,
      headers: { ...key(), 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body }),
      redirect: 'manual',
    })
    expect([answer.status >= 300 && answer.status < 500, answer.status, await answer.text()][0]).toBe(true)
  })

  test.each([
    ['an unfinished request line', 'GET /', 400],
    ['something else than HTTP', '\x16\x03\x01\x02\x00\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
    ['an unknown method', 'BREW /rest/v1/ HTTP/1.1\r\nhost: localhost\r\n\r\n', 400],
    ['a wrong length', 'POST /rest/v1/teams HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n', 400],
  ])('%s is answered, not fatal', async (_name, text, status) => {
    const answer = await raw(text)
    expect(answer).toContain(`HTTP/1.1 ${status}`)
    expect((await get('/')).status).toBe(200)
  })

  test('a body that breaks off or is too long harms nobody', async () => {
    await raw(
      `POST /rest/v1/teams HTTP/1.1\r\nhost: localhost\r\napikey: ${key().apikey}\r\ncontent-length: 100\r\n\r\nshort`,
    )
    const { status } = await fetch(`${gateway.url}/auth/v1/signup`, {
      method: 'POST',
      headers: key(),
      body: 'x'.repeat(2_000_000),
    })
    expect(status).toBe(413)
    expect((await get('/')).status).toBe(200)
  })

  /** Sends as much and no more, then waits for the end. */
  const raw = (text: string) =>
    new Promise<string>((settle) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.end(text))
      let answer = ''
      socket.on('data', (data) => {
        answer += data
      })
      socket.on('close', () => settle(answer))
      socket.on('error', () => settle(answer))
    })
})

describe('functions', () => {
  test('get the request as it is, and are answered for as they answer', async () => {
    const answer = await fetch(`${gateway.url}/functions/v1/echo?a=1`, {
      method: 'POST',
      headers: { 'x-request-id': 'mine' },
      body: '{"a":1}',
    })
    expect([
      answer.status,
      answer.headers.get('x-own'),
      answer.headers.get('x-request-id'),
      await answer.text(),
    ]).toEqual([201, 'yes', 'mine', '{"a":1}'])
    const seen = (await (await get('/functions/v1/show?a=b%2Fc', { authorization: 'Bearer x' })).json()) as {
      url: string
      headers: object
    }
    expect(seen).toMatchObject({ url: '/functions/v1/show?a=b%2Fc', headers: { authorization: 'Bearer x' } })
  })

  test('stream at once, and learn that the caller has gone', async () => {
    const abort = new AbortController()
    const answer = await fetch(`${gateway.url}/functions/v1/stream`, { signal: abort.signal })
    const { value } = await answer.body!.getReader().read()
    expect(new TextDecoder().decode(value)).toBe('data: first\n\n')
    const gone = new Promise((settle) => part.once('gone', settle))
    abort.abort()
    await gone
  })
})

describe('sockets', () => {
  const wsUrl = (path: string) => gateway.url.replace('http', 'ws') + path

  test('are given away with their request, and then carry text and bytes', async () => {
    const socket = new WebSocket(wsUrl('/realtime/v1/websocket?vsn=2.0.0'))
    const next = () =>
      new Promise<{ data: Buffer; isBinary: boolean }>((settle) =>
        socket.once('message', (data, isBinary) => settle({ data: data as Buffer, isBinary })),
      )
    await new Promise((settle) => socket.once('open', settle))
    const text = next()
    socket.send('hello')
    expect(String((await text).data)).toBe('/realtime/v1/websocket?vsn=2.0.0 hello')
    const bytes = next()
    socket.send(Buffer.alloc(100_000, 7))
    expect((await bytes).data.equals(Buffer.alloc(100_000, 7))).toBe(true)
    const closed = new Promise((settle) => [...sockets.clients][0]?.once('close', settle))
    socket.close()
    await closed
  })

  test.each([
    ['/functions/v1/websocket', {}, 404],
    ['/realtime/v1/websocket', { host: 'evil.test' }, 421],
  ])('to %s with %j are refused', async (path, headers, status) => {
    const socket = new WebSocket(wsUrl(path), { headers })
    const error = await new Promise<Error>((settle) => socket.once('error', settle))
    expect(error.message).toContain(String(status))
  })
})

describe('health and metrics', () => {
  test('name every part', async () => {
    const health = (await (await get('/health')).json()) as {
      status: string
      parts: Record<string, { state: string }>
    }
    expect(health.status).toBe('ok')
    expect(Object.keys(health.parts).sort()).toEqual([
      'app',
      'auth',
      'builder',
      'database',
      'functions',
      'model',
      'preview',
      'realtime',
      'rest',
      'storage',
    ])
  })

  test('count requests by route, and show those of realtime', async () => {
    const text = await (await get('/metrics')).text()
    expect(text).toMatch(/baton_http_requests_total\{route="rest",status="401"\} \d+/)
    expect(text).toContain('realtime_channels 3')
  })

  test('say which part is down, in words', async () => {
    const [free = 0] = await pickFreePorts(1)
    await using lonely = await startTestGateway((config) => ({
      ...config,
      internal: { ...config.internal, functions: free, realtime: free },
    }))
    const health = await fetch(`${lonely.url}/health`)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({
      status: 'degraded',
      parts: { database: { state: 'up' }, realtime: { state: 'down', detail: 'nobody listens on its port' } },
    })
    const answer = await fetch(`${lonely.url}/functions/v1/x`, { method: 'POST', body: '{}' })
    expect([answer.status, (await answer.json()).message]).toEqual([
      503,
      expect.stringContaining('functions part'),
    ])
    const socket = new WebSocket(`${lonely.url.replace('http', 'ws')}/realtime/v1/websocket`)
    expect((await new Promise<Error>((settle) => socket.once('error', settle))).message).toContain('503')
  })
})
