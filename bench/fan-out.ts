/**
 * One commit to many browsers: when the first and the last of them hear it, beside a bare WebSocket server that sends
 * the same text to as many sockets. All sockets are held by this one process, over loopback, and count into the time.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { apiUrl } from '../local/config.ts'
import { createPerson, createTeam, type Person } from '../local/testing/person.ts'
import { isShort, percentile, report, times } from './measure.ts'
import { startStack } from './stack.ts'

type Deliveries = { first: number; last: number }
type Crowd = { sockets: WebSocket[]; hear(marker: string): Promise<Deliveries> }

await using stack = await startStack(['realtime', 'gateway'])
const writer = stack.sql('postgres')
const person = await createPerson(stack.config, stack.sql('supabase_admin'))
const team = await createTeam(stack.sql('authenticator'), person)
const topic = `team:${team.id}`

for (const count of isShort ? [200] : [200, 1000]) await measure(count)

/** Both crowds are there at once and take turns, so that whatever else the machine does meets both. */
async function measure(count: number) {
  const server = await startReference()
  const plain = await gather(count, () => opened(server.url))
  const crowd = await gather(count, () => joined(person))
  const ours: Deliveries[] = []
  const reference: Deliveries[] = []
  for (let round = -5; round < times(60, 15); round++) {
    const name = `<${round}>`
    const said = await deliveriesOf(plain, name, async () => server.say(name))
    const committed = await deliveriesOf(crowd, name, () => commit(name))
    if (round < 0) continue
    reference.push(said)
    ours.push(committed)
  }
  disperse(plain)
  disperse(crowd)
  server.stop()
  for (const which of ['first', 'last'] as const) {
    for (const share of [50, 95]) {
      const of = (deliveries: Deliveries[]) =>
        percentile(
          deliveries.map((delivery) => delivery[which]),
          share,
        )
      report(`fan-out to ${count} sockets, ${which} delivery p${share}`, 'ms', of(ours), of(reference))
    }
  }
}

function commit(name: string) {
  return writer`select public.append_event(${topic}, 'team.renamed', ${writer.json({ name })})`
}

async function startReference() {
  const path = fileURLToPath(new URL('./plain-broadcast.ts', import.meta.url))
  const server = fork(path, { execArgv: ['--import', 'tsx'] })
  const { port } = await new Promise<{ port: number }>((resolve) => server.once('message', resolve as never))
  const say = (name: string) => {
    const hint = { topic, seq: 1, kind: 'team.renamed', at: new Date().toISOString(), payload: { name } }
    server.send(
      JSON.stringify([null, null, `realtime:${topic}`, 'broadcast', { event: 'event', payload: hint }]),
    )
  }
  return { url: `ws://127.0.0.1:${port}`, say, stop: () => server.disconnect() }
}

async function deliveriesOf(crowd: Crowd, marker: string, send: () => Promise<unknown>): Promise<Deliveries> {
  const began = performance.now()
  const heard = crowd.hear(marker)
  await send()
  const { first, last } = await heard
  return { first: first - began, last: last - began }
}

async function gather(count: number, open: () => Promise<WebSocket>): Promise<Crowd> {
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

function disperse({ sockets }: Crowd) {
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
