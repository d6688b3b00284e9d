/** Passes a WebSocket through: the request as it came, then bytes both ways, none of them looked at. */
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { partIsDown, type Upstream } from './proxy.ts'
import type { Refusal } from './refusal.ts'

export function passSocket(request: IncomingMessage, client: Duplex, head: Buffer, upstream: Upstream): void {
  const server = connect({ host: '127.0.0.1', port: upstream.port, noDelay: true })
  ;(client as Socket).setNoDelay?.(true)
  ;(client as Socket).setTimeout?.(0)
  server.once('connect', () => {
    server.write(requestHead(request))
    if (head.length > 0) server.write(head)
    client.pipe(server)
    server.pipe(client)
  })
  server.on('error', (error) => {
    if (server.bytesRead === 0) refuseSocket(client, partIsDown(upstream.part, error))
    else client.destroy()
  })
  client.on('error', () => server.destroy())
  client.on('close', () => server.destroy())
  server.on('close', () => client.end())
}

export function refuseSocket(client: Duplex, refusal: Refusal): void {
  const body = JSON.stringify(refusal.body)
  client.end(
    [
      `HTTP/1.1 ${refusal.status} Refused`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

function requestHead({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}
