/** How long after a commit a browser's client hears of it, beside a bare LISTEN on the same commit. */

import { createPerson, createTeam } from '../local/testing/person.ts'
import { HINT_EVENT, type Hint } from '../supabase/functions/_shared/protocol.ts'
import { reportPercentiles, times } from './measure.ts'
import { startStack } from './stack.ts'

await using stack = await startStack(['realtime', 'gateway'])
const writer = stack.sql('postgres')
const person = await createPerson(stack.config, stack.sql('supabase_admin'))
const team = await createTeam(stack.sql('authenticator'), person)
const topic = `team:${team.id}`

let heardHint = (_hint: Hint) => {}
let heardNotification = (_payload: string) => {}
const listener = stack.sql('postgres')
await listener.listen('bench', (payload) => heardNotification(payload))
await joinChannel()

const hints: number[] = []
const notifications: number[] = []
const warmUp = 20
for (let round = 0; round < times(500, 60) + warmUp; round++) {
  const [hint, notification] = await commitAndHear(round)
  if (round < warmUp) continue
  hints.push(hint)
  notifications.push(notification)
}
reportPercentiles('commit to client', hints, notifications)

async function joinChannel() {
  const client = stack.client(person)
  await client.realtime.setAuth()
  const channel = client.channel(topic, { config: { private: true } })
  channel.on('broadcast', { event: HINT_EVENT }, ({ payload }) => heardHint(payload))
  await new Promise<void>((resolve, reject) =>
    channel.subscribe((status, error) => (status === 'SUBSCRIBED' ? resolve() : reject(error))),
  )
}

async function commitAndHear(round: number): Promise<[number, number]> {
  let committedAt = 0
  const hint = new Promise<number>((resolve) => {
    heardHint = () => resolve(performance.now())
  })
  const notification = new Promise<number>((resolve) => {
    heardNotification = () => resolve(performance.now())
  })
  await writer.begin(async (transaction) => {
    await transaction`select public.append_event(${topic}, 'team.renamed', ${writer.json({ name: `#${round}` })})`
    await transaction`select pg_notify('bench', ${String(round)})`
    committedAt = performance.now()
  })
  const heard = await Promise.all([hint, notification])
  return heard.map((at) => at - committedAt) as [number, number]
}
