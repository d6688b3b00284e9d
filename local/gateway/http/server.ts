/** The door: which host is meant, which route, who may read the answer, and a record of each request. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Log } from '../../log.ts'
import type { createMetrics } from '../health/metrics.ts'
import { logAccess } from './access-log.ts'
import { allowAnyOrigin, answerPreflight, isOpen, isPreflight } from './cors.ts'
import { createHostCheck } from './hosts.ts'
import { Refusal, refuse } from './refusal.ts'
import { type Route, routeOf } from './routes.ts'
import { refuseSocket } from './upgrade.ts'

export type Exchange = { id: string; request: IncomingMessage; response: ServerResponse; url: URL }
export type Handlers = Record<Route, (exchange: Exchange) => Promise<void> | void>
type SocketHandler = (request: IncomingMessage, client: Socket, head: Buffer) => void

export type Door = {
  port: number
  open(handlers: Handlers, takeSocket: SocketHandler): void
  close(): Promise<void>
}

/** For requests under way; streams would last for ever. */
const PATIENCE_TO_CLOSE_MS = 1_000
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export async function openDoor(
  port: number,
  log: Log,
  metrics: ReturnType<typeof createMetrics>,
): Promise<Door> {
  const isAllowedHost = createHostCheck()
  const server = createServer({
    maxHeaderSize: 32 * 1024,
    headersTimeout: 15_000,
    requestTimeout: 300_000,
    keepAliveTimeout: 65_000,
  })
  server.on('clientError', answerBadRequest)
  // The address is taken before what is behind it is ready; who comes meanwhile waits at the door.
  let open: Door['open'] = () => {}
  const opened = new Promise<{ handlers: Handlers; takeSocket: SocketHandler }>((settle) => {
    open = (handlers, takeSocket) => settle({ handlers, takeSocket })
  })
  server.on('request', async (request, response) => serve(request, response, (await opened).handlers))
  server.on('upgrade', async (request, client, head) =>
    upgrade(request, client as Socket, head, (await opened).takeSocket),
  )
  const actualPort = await listen(server, port)

  const serve = async (request: IncomingMessage, response: ServerResponse, handlers: Handlers) => {
    const start = performance.now()
    const id = requestIdOf(request)
    const url = parseUrl(request, actualPort)
    const route = url ? routeOf(url.pathname) : null
    response.on('close', () => {
      const ms = performance.now() - start
      metrics.request(route ?? 'none', response.statusCode, ms / 1_000)
      logAccess(log, { id, request, response, route, pathname: url?.pathname ?? '', ms })
    })
    try {
      setHeaders(response, id, route)
      if (!isAllowedHost(request.headers.host)) throw foreignHost()
      if (!url) throw badPath()
      if (!METHODS.has(request.method ?? '')) throw unknownMethod()
      if (!route) throw unknownRoute(url.pathname)
      if (isOpen(route)) allowAnyOrigin(response)
      if (isOpen(route) && isPreflight(request)) return answerPreflight(request, response)
      await handlers[route]({ id, request, response, url })
    } catch (error) {
      if (hasGone(request)) return
      if (!(error instanceof Refusal)) log.error('a request failed', { id, error })
      refuse(response, error instanceof Refusal ? error : internalError(id))
    }
  }

  const upgrade = (request: IncomingMessage, client: Socket, head: Buffer, takeSocket: SocketHandler) => {
    client.on('error', () => client.destroy())
    const pathname = parseUrl(request, actualPort)?.pathname ?? ''
    if (!isAllowedHost(request.headers.host)) return refuseSocket(client, foreignHost())
    if (routeOf(pathname) !== 'realtime') return refuseSocket(client, unknownRoute(pathname))
    takeSocket(request, client, head)
  }

  return {
    port: actualPort,
    open,
    async close() {
      const closed = new Promise((settle) => server.close(settle))
      server.closeIdleConnections()
      const patience = setTimeout(() => server.closeAllConnections(), PATIENCE_TO_CLOSE_MS)
      await closed
      clearTimeout(patience)
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((settle, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} of the API is in use.`, { cause: error })
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', () => settle((server.address() as AddressInfo).port))
  })
}

/** Null when the path is not valid percent-encoding, which nothing behind this could read either. */
function parseUrl(request: IncomingMessage, port: number): URL | null {
  try {
    const path = (request.url ?? '/').replace(/^\/+/, '/')
    const url = new URL(path, `http://${request.headers.host ?? `127.0.0.1:${port}`}`)
    decodeURIComponent(url.pathname)
    return url
  } catch {
    return null
  }
}

/** The caller broke off while still sending: there is nobody to answer. */
const hasGone = (request: IncomingMessage) => request.destroyed && !request.complete

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w-]{1,100}$/.test(given) ? given : randomUUID()
}

/** What an answer holds may come from strangers: should a browser open it as a page, it runs nothing. */
function setHeaders(response: ServerResponse, id: string, route: Route | null): void {
  response.setHeader('x-request-id', id)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
  response.setHeader('cross-origin-resource-policy', isOpen(route) ? 'cross-origin' : 'same-origin')
  if (!isOpen(route)) response.setHeader('x-frame-options', 'DENY')
}

function answerBadRequest(error: NodeJS.ErrnoException, client: Duplex): void {
  if (error.code === 'ECONNRESET' || !client.writable) return void client.destroy()
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const timedOut = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const status = tooLarge ? 431 : timedOut ? 408 : 400
  const message = tooLarge
    ? 'The headers of the request are too large.'
    : timedOut
      ? 'The request took too long to arrive.'
      : 'This is not a valid HTTP request.'
  refuseSocket(client, new Refusal(status, { code: 'bad_request', message }))
}

const foreignHost = () =>
  new Refusal(
    421,
    {
      code: 'foreign_host',
      message: 'This stack answers to 127.0.0.1 and localhost only; BATON_ALLOWED_HOSTS can name more.',
    },
    { connection: 'close' },
  )
const badPath = () =>
  new Refusal(400, { code: 'bad_path', message: 'The path of the request is not valid percent-encoding.' })
const unknownMethod = () =>
  new Refusal(
    405,
    { code: 'unknown_method', message: 'This method is not known here.' },
    { connection: 'close' },
  )
const unknownRoute = (pathname: string) =>
  new Refusal(404, {
    code: 'unknown_route',
    message: `Nothing is served at ${pathname.slice(0, 100)}.`,
    hint: 'See / for what is.',
  })
const internalError = (id: string) =>
  new Refusal(500, {
    code: 'internal_error',
    message: `Something went wrong here; look for ${id} in "npm run logs".`,
  })
