/** Sockets that listen to a topic as a browser of Baton does, and plain ones. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { apiUrl, type StackConfig } from '../local/config.ts'
import type { Person } from '../local/testing/person.ts'

/** As many as asked for, fifty at a time. */
export async function openMany(count: number, open: () => Promise<WebSocket>): Promise<WebSocket[]> {
  const sockets: WebSocket[] = []
  while (sockets.length < count) {
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, count - sockets.length) }, open))))
  }
  return sockets
}

export function opened(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.once('open', () => resolve(socket)).once('error', reject)
  })
}

export async function joined(stack: StackConfig, { token }: Person, topic: string): Promise<WebSocket> {
  const url = new URL(`${apiUrl(stack)}/realtime/v1/websocket`.replace('http', 'ws'))
  url.searchParams.set('apikey', stack.keys.publishable)
  url.searchParams.set('vsn', '2.0.0')
  const socket = await opened(url.href)
  const config = { private: true, broadcast: { ack: false, self: false }, presence: { enabled: false } }
  socket.send(JSON.stringify(['1', '1', `realtime:${topic}`, 'phx_join', { config, access_token: token }]))
  const [, , , event, reply] = JSON.parse(
    await new Promise<string>((resolve) => socket.once('message', (data) => resolve(data.toString()))),
  )
  if (event !== 'phx_reply' || reply.status !== 'ok') throw new Error(`Not joined: ${JSON.stringify(reply)}`)
  return socket
}

/** A bare server that says the same text to all, in a process of its own. */
export async function startPlainServer() {
  const path = fileURLToPath(new URL('./plain-broadcast.ts', import.meta.url))
  const server = fork(path, { execArgv: ['--import', 'tsx'] })
  const { port } = await new Promise<{ port: number }>((resolve) => server.once('message', resolve as never))
  return {
    url: `ws://127.0.0.1:${port}`,
    say: (text: string) => server.send(text),
    stop: () => server.disconnect(),
  }
}
