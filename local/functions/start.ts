/** Serves every folder of `supabase/functions` as the functions gateway of hosted Supabase does. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { PartContext, RunningPart } from '../part.ts'
import { requireToken } from './authorize.ts'
import { proxy } from './proxy.ts'
import { Refusal } from './refusal.ts'
import { createRegistry } from './registry.ts'
import { watchFunctions } from './watch.ts'
import { REQUEST_ID_HEADER } from './worker-protocol.ts'

export type FunctionsOptions = PartContext & {
  functionsDir?: string
  /** How long a function may take until its answer begins. */
  responseTimeoutMs?: number
  /** How long a function may compute without answering anything. */
  pulseTimeoutMs?: number
}

export type RunningFunctions = RunningPart & { port: number }

const HEALTH_PATH = '/_internal/health'
const PATIENCE_TO_STOP_MS = 6_000

export async function startFunctions(options: FunctionsOptions): Promise<RunningFunctions> {
  const { config, log, functionsDir = join(config.rootDir, 'supabase/functions') } = options
  const { responseTimeoutMs = 150_000, pulseTimeoutMs = 20_000 } = options
  const registry = createRegistry({ config, functionsDir, log, pulseTimeoutMs })

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const requestId = requestIdOf(incoming)
    const path = (incoming.url ?? '/').replace(/^\/functions\/v1(?=\/)/, '')
    if (path === HEALTH_PATH) return sendJson(outgoing, 200, { status: 'ok', functions: registry.list() })
    const name = /^\/([^/?]+)/.exec(path)?.[1] ?? ''
    try {
      await answer(name, path, requestId, incoming, outgoing)
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('WORKER_ERROR', { cause: error })
      const level = refusal.status >= 500 ? 'error' : 'info'
      log[level]('request refused', {
        function: name,
        request: requestId,
        code: refusal.code,
        cause: refusal.cause,
      })
      refuse(outgoing, refusal, requestId)
    }
  }

  const answer = async (
    name: string,
    path: string,
    requestId: string,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => {
    const found = registry.get(name)
    if (!found) throw new Refusal('NOT_FOUND')
    if (found.settings.verifyJwt && incoming.method !== 'OPTIONS') {
      await requireToken(incoming.headers, config.keys.jwtSecret)
    }
    const { worker, release } = await found.run.acquire()
    try {
      await proxy(incoming, outgoing, worker, { path, requestId, patienceMs: responseTimeoutMs })
    } finally {
      release()
    }
  }

  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing))
  server.requestTimeout = 0 // a stream may last; the time until its beginning is limited above
  await listen(server, config.internal.functions)
  const watching = config.mode === 'dev' ? watchFunctions(functionsDir, registry, log) : undefined
  void registry.warmUp()

  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      watching?.close()
      server.close()
      await registry.stop(PATIENCE_TO_STOP_MS)
      server.closeAllConnections()
    },
  }
}

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID_HEADER] ?? headers['x-request-id']
  return typeof given === 'string' && /^[\w-]{1,100}$/.test(given) ? given : randomUUID()
}

function refuse(outgoing: ServerResponse, { status, code, message }: Refusal, requestId: string): void {
  if (outgoing.headersSent) return void outgoing.destroy()
  outgoing.setHeader('sb-error-code', code)
  outgoing.setHeader('access-control-allow-origin', '*')
  outgoing.setHeader(REQUEST_ID_HEADER, requestId)
  outgoing.setHeader('connection', 'close') // what is left of the request is not read
  sendJson(outgoing, status, { code, message })
}

function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' })
  outgoing.end(JSON.stringify(body))
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((settle, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => settle())
  })
}
