import { afterAll, beforeAll, expect, test } from 'vitest'
import { inbox, subscribed, type TestRealtime, testRealtime } from './testing/realtime.ts'

let realtime: TestRealtime
beforeAll(async () => {
  realtime = await testRealtime()
  await realtime.sql.unsafe(`create policy "the crowd reads its room" on realtime.messages
    for select to authenticated using (realtime.topic() = 'crowd')`)
})
afterAll(() => realtime[Symbol.asyncDispose]())

const CROWD = 200
const numbers = Array.from({ length: CROWD }, (_, index) => index)

test('200 official clients join a private channel at once, and each hears everything once, in order', async () => {
  const people = await Promise.all(
    numbers.map(async (index) => {
      const client = await realtime.client(await realtime.token({ session: index }))
      const heard = inbox<number>()
      const channel = client.channel('crowd', { config: { private: true } })
      channel.on('broadcast', { event: 'n' }, ({ payload }) => heard.add(payload.n))
      return { status: (await subscribed(channel)).status, heard }
    }),
  )
  expect(new Set(people.map(({ status }) => status))).toEqual(new Set(['SUBSCRIBED']))
  expect(realtime.server.stats()).toMatchObject({ sockets: CROWD, channels: CROWD })
  for (let n = 0; n < 10; n++) {
    await realtime.sql`select realtime.send(jsonb_build_object('n', ${n}::int), 'n', 'crowd', true)`
  }
  await Promise.all(people.map(({ heard }) => heard.has(10)))
  for (const { heard } of people) expect(heard.items).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('200 people become present, and everybody sees all of them in a few diffs', async () => {
  const sockets = await Promise.all(numbers.map(() => realtime.raw()))
  await Promise.all(
    sockets.map((socket, index) => socket.join('hall', { presence: { enabled: true, key: `p${index}` } })),
  )
  await Promise.all(
    sockets.map((socket) =>
      socket.ask('realtime:hall', 'presence', { type: 'presence', event: 'track', payload: {} }),
    ),
  )
  for (const socket of sockets) {
    const seen = () =>
      new Set(socket.of('presence_diff').flatMap(({ payload }) => Object.keys(payload.joins)))
    await socket.until(() => seen().size === CROWD)
    expect(socket.of('presence_diff').length).toBeLessThan(CROWD / 2)
  }
})
