/**
 * One commit to many browsers: when the first and the last of them hear it, beside a bare WebSocket server that sends
 * the same text to as many sockets. All sockets are held by this one process, over loopback, and count into the time.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { apiUrl } from '../local/config.ts'
import { createPerson, createTeam, type Person } from '../local/testing/person.ts'
import { isShort, percentile, report, times } from './measure.ts'
import { startStack } from './stack.ts'

type Deliveries = { first: number; last: number }
type Sockets = { sockets: WebSocket[]; hear(marker: string): Promise<Deliveries> }

await using stack = await startStack(['realtime', 'gateway'])
const writer = stack.sql('postgres')
const person = await createPerson(stack.config, stack.sql('supabase_admin'))
const team = await createTeam(stack.sql('authenticator'), person)
const topic = `team:${team.id}`

for (const count of isShort ? [200] : [200, 1000]) await measure(count)

async function measure(count: number) {
  const reference = await measureReference(count)
  const crowd = await gather(count, () => joined(person))
  const ours = await rounds(crowd, (name) => {
    const payload = writer.json({ name })
    return writer`select public.append_event(${topic}, 'team.renamed', ${payload})`
  })
  disperse(crowd)
  for (const which of ['first', 'last'] as const) {
    for (const share of [50, 95]) {
      report(
        `fan-out to ${count} sockets, ${which} delivery p${share}`,
        'ms',
        percentile(ours[which], share),
        percentile(reference[which], share),
      )
    }
  }
}

async function measureReference(count: number) {
  const server = fork(fileURLToPath(new URL('./plain-broadcast.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  })
  const { port } = await new Promise<{ port: number }>((resolve) => server.once('message', resolve as never))
  const crowd = await gather(count, () => opened(`ws://127.0.0.1:${port}`))
  const deliveries = await rounds(crowd, async (name) => say(server, name))
  disperse(crowd)
  server.disconnect()
  return deliveries
}

function say(server: ChildProcess, name: string) {
  const at = new Date().toISOString()
  server.send(
    JSON.stringify([
      null,
      null,
      `realtime:${topic}`,
      'broadcast',
      { event: 'event', payload: { topic, at, name } },
    ]),
  )
}

async function rounds(crowd: Sockets, send: (name: string) => Promise<unknown>) {
  const first: number[] = []
  const last: number[] = []
  for (let round = -5; round < times(60, 15); round++) {
    const name = `<${round}>`
    const began = performance.now()
    const heard = crowd.hear(name)
    await send(name)
    const deliveries = await heard
    if (round < 0) continue
    first.push(deliveries.first - began)
    last.push(deliveries.last - began)
  }
  return { first, last }
}

async function gather(count: number, open: () => Promise<WebSocket>): Promise<Sockets> {
  const sockets: WebSocket[] = []
  while (sockets.length < count) {
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, count - sockets.length) }, open))))
  }
  let onMessage = (_text: string) => {}
  for (const socket of sockets) socket.on('message', (data) => onMessage(data.toString()))
  const hear = (marker: string) =>
    new Promise<Deliveries>((resolve) => {
      let heard = 0
      let first = 0
      onMessage = (text) => {
        if (!text.includes(marker)) return
        heard += 1
        if (heard === 1) first = performance.now()
        if (heard === count) resolve({ first, last: performance.now() })
      }
    })
  return { sockets, hear }
}

function disperse({ sockets }: Sockets) {
  for (const socket of sockets) socket.terminate()
}

function opened(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.once('open', () => resolve(socket)).once('error', reject)
  })
}

async function joined({ token }: Person): Promise<WebSocket> {
  const url = new URL(`${apiUrl(stack.config)}/realtime/v1/websocket`.replace('http', 'ws'))
  url.searchParams.set('apikey', stack.config.keys.publishable)
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
