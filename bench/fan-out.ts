/**
 * One commit to many browsers: when the first and the last of them hear it, beside a bare WebSocket server that sends
 * the same text to as many sockets. All sockets are held by this one process, over loopback, and count into the time.
 */
import type { WebSocket } from 'ws'
import { createPerson, createTeam } from '../local/testing/person.ts'
import { isShort, percentile, report, times } from './measure.ts'
import { joined, opened, openMany, startPlainServer } from './sockets.ts'
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
  const server = await startPlainServer()
  const plain = await gather(count, () => opened(server.url))
  const crowd = await gather(count, () => joined(stack.config, person, topic))
  const ours: Deliveries[] = []
  const reference: Deliveries[] = []
  for (let round = -5; round < times(60, 15); round++) {
    const name = `<${round}>`
    const said = await deliveriesOf(plain, name, async () => server.say(plainText(name)))
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

function plainText(name: string) {
  const hint = { topic, seq: 1, kind: 'team.renamed', at: new Date().toISOString(), payload: { name } }
  return JSON.stringify([null, null, `realtime:${topic}`, 'broadcast', { event: 'event', payload: hint }])
}

async function deliveriesOf(crowd: Crowd, marker: string, send: () => Promise<unknown>): Promise<Deliveries> {
  const began = performance.now()
  const heard = crowd.hear(marker)
  await send()
  const { first, last } = await heard
  return { first: first - began, last: last - began }
}

async function gather(count: number, open: () => Promise<WebSocket>): Promise<Crowd> {
  const sockets = await openMany(count, open)
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
