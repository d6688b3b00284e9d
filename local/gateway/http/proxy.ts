/**
 * Passes a request to a part and its answer back, byte by byte as they come. When one side goes away, so does the
 * other. Each request has a connection of its own: a kept one could belong to a process that has just been replaced.
 */
import { type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import { Refusal } from './refusal.ts'

export type Upstream = { part: string; port: number }

export function proxy(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: Upstream,
  requestId: string,
): Promise<void> {
  return new Promise((settle, fail) => {
    const outgoing = openRequest({
      host: '127.0.0.1',
      port: upstream.port,
      agent: false,
      method: request.method,
      path: request.url,
      headers: {
        ...endToEnd(request.headers),
        'x-request-id': requestId,
        'x-forwarded-host': request.headers.host,
        'x-forwarded-proto': 'http',
      },
    })
    outgoing.on('response', (answer) => {
      for (const [name, value] of Object.entries(endToEnd(answer.headers))) {
        if (value !== undefined) response.setHeader(name, value)
      }
      response.writeHead(answer.statusCode ?? 502)
      response.flushHeaders()
      answer.pipe(response)
      answer.on('error', () => response.destroy())
      answer.on('close', () => {
        if (!answer.complete) response.destroy()
        settle()
      })
    })
    outgoing.on('error', (error) => {
      if (response.headersSent) {
        response.destroy()
        settle()
      } else fail(partIsDown(upstream.part, error))
    })
    response.on('close', () => {
      outgoing.destroy()
      settle()
    })
    request.pipe(outgoing)
  })
}

export const partIsDown = (part: string, cause?: unknown) =>
  Object.assign(
    new Refusal(
      503,
      {
        code: 'part_down',
        message: `The ${part} part of the stack does not answer; it may be restarting. See "npm run logs ${part}".`,
      },
      { 'retry-after': '1', connection: 'close' },
    ),
    { cause },
  )

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function endToEnd<Value>(headers: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))
}
