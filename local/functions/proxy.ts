/** Passes one request to a worker and its answer back, as they come; when either side goes, so does the other. */
import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { Refusal } from './refusal.ts'
import type { Worker } from './worker.ts'
import { REQUEST_ID_HEADER, WORKER_TOKEN_HEADER } from './worker-protocol.ts'

export type ProxiedRequest = { path: string; requestId: string; patienceMs: number }

export function proxy(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  worker: Worker,
  { path, requestId, patienceMs }: ProxiedRequest,
): Promise<void> {
  return new Promise((settle, fail) => {
    const upstream = request({
      host: '127.0.0.1',
      port: worker.port,
      agent: false, // a connection each: none is ever stale when a worker leaves
      method: incoming.method,
      path,
      headers: {
        ...withoutHopByHop(incoming.headers),
        'accept-encoding': 'identity', // Deno would compress, and so hold back what is streamed
        [REQUEST_ID_HEADER]: requestId,
        [WORKER_TOKEN_HEADER]: worker.token,
      },
    })
    const timer = setTimeout(() => {
      fail(new Refusal('IDLE_TIMEOUT'))
      upstream.destroy()
    }, patienceMs)

    upstream.on('response', (answer) => {
      clearTimeout(timer)
      outgoing.writeHead(answer.statusCode!, answer.statusMessage, answerHeaders(answer, requestId))
      outgoing.flushHeaders()
      pipeline(answer, outgoing, () => settle())
    })
    upstream.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      fail(new Refusal(cause.code === 'ECONNREFUSED' ? 'BOOT_ERROR' : 'WORKER_ERROR', { cause }))
    })
    outgoing.on('close', () => {
      clearTimeout(timer)
      upstream.destroy()
      settle()
    })
    incoming.pipe(upstream)
  })
}

function answerHeaders(answer: IncomingMessage, requestId: string): IncomingHttpHeaders {
  const failed = answer.statusCode! >= 500 && !answer.headers['sb-error-code']
  return {
    ...withoutHopByHop(answer.headers),
    ...(failed ? { 'sb-error-code': 'EDGE_FUNCTION_ERROR' } : {}),
    [REQUEST_ID_HEADER]: requestId,
  }
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))
}
