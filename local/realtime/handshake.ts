/** Opening a socket: the version, the key, and the refusal in HTTP, late, so that guessing is slow. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { plainHeaders } from './http.ts'
import { parseVsn } from './protocol.ts'
import type { Handshake } from './socket.ts'
import type { World } from './world.ts'

export type Outcome = { ok: true; handshake: Handshake } | { ok: false; status: number; error: string }

export async function readHandshake(world: World, url: URL, request: IncomingMessage): Promise<Outcome> {
  const headers = plainHeaders(request)
  const token = headers['x-api-key'] ?? url.searchParams.get('apikey')
  if (!token) return refuse(401, 'Missing API key')
  const verdict = await world.tokens.verify(token)
  if (!verdict.ok) return refuse(401, verdict.message)
  const vsn = parseVsn(url.searchParams.get('vsn'))
  if (vsn === null) return refuse(400, 'The protocol version is not supported')
  if (world.counters.sockets >= world.settings.maxSockets) return refuse(429, 'Too many connected users')
  if (world.isStopping) return refuse(503, 'Realtime is restarting, please standby')
  const custom = Object.entries(headers).filter(([name]) => name.startsWith('x-') && name !== 'x-api-key')
  return { ok: true, handshake: { vsn, token, headers: Object.fromEntries(custom) } }
}

const refuse = (status: number, error: string): Outcome => ({ ok: false, status, error })

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

export function refuseUpgrade(stream: Duplex, status: number, error: string): void {
  const body = JSON.stringify({ error })
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
