/** The handler behind Node's HTTP server. What HTTP lets a client lie about is settled here, before a URL is made of it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type RunningServer = { port: number; close(): Promise<void> }
type Handle = (request: Request) => Promise<Response>
type Report = (problem: string, error: unknown) => void

export async function serve(
  handle: Handle,
  host: string,
  port: number,
  report: Report,
): Promise<RunningServer> {
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000 }, (request, response) => {
    void answer(handle, request, response).catch((error: unknown) => {
      if (!response.destroyed) report('an answer broke off', error)
      response.destroy()
    })
  })
  // Nothing here speaks over a socket: whoever asks for one is told so, and not left waiting.
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  const taken = await listen(server, host, port)
  return {
    port: taken,
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

async function answer(handle: Handle, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = urlOf(request)
  if (url === null) return refuse(response)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answered = await handle(toWebRequest(request, url, gone.signal))
  await sendResponse(answered, request, response)
}

/** Null: no single, plain host, or a target that names another one. */
function urlOf({ rawHeaders, url = '/' }: IncomingMessage): string | null {
  const hosts = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host',
  )
  const host = hosts[0]?.toLowerCase() ?? ''
  if (hosts.length !== 1 || !/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.test(host) || !url.startsWith('/'))
    return null
  const written = `http://${host}${url}`
  return URL.canParse(written) && !hasHiddenParts(url) ? written : null
}

/** A URL parser tidies these away before anybody can look at them. */
const hasHiddenParts = (target: string) =>
  /[\\#]/.test(target) || /(^|\/)(\.|%2e){1,2}(?=$|[/?#])/i.test(target.split(/[?#]/, 1)[0] ?? '')

function toWebRequest(request: IncomingMessage, url: string, signal: AbortSignal): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each)
  }
  const method = request.method ?? 'GET'
  const hasBody = method === 'POST'
  return new Request(url, {
    method: /^(CONNECT|TRACE|TRACK)$/.test(method) ? 'DELETE' : method,
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(request), duplex: 'half' } : {}),
  } as RequestInit)
}

async function sendResponse(
  answered: Response,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.statusCode = answered.status
  answered.headers.forEach((value, name) => {
    response.setHeader(name, value)
  })
  if (!request.complete) response.setHeader('connection', 'close')
  if (!answered.body) {
    response.end()
    return
  }
  if (answered.headers.has('content-length')) {
    response.end(new Uint8Array(await answered.arrayBuffer()))
    return
  }
  await pipeline(Readable.fromWeb(answered.body as never), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error // the page was closed
  })
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  response.end('This address is not valid. Check that it was copied whole.\n')
}
