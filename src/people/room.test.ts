import { expect, test } from 'vitest'
import { createVirtualClock } from '../feed/testing/virtual-clock.ts'
import type { Present, Shown } from './presence.ts'
import { enterRoom } from './room.ts'
import { sparingly } from './sparingly.ts'
import { createTyping } from './typing.ts'

const ada = '11111111-0000-4000-8000-000000000000'
const chat = '88888888-0000-4000-8000-000000000000'
const state = (typing: number): Shown => ({ user: ada, tab: 'tab', chat, file: null, typing })

function setting() {
  const clock = createVirtualClock()
  const shown: unknown[] = []
  let seen: (states: unknown[]) => void = () => {}
  let people: Present[] = []
  const transport = {
    participate: (_: string, see: typeof seen) => {
      seen = see
      return { show: (now: object | null) => shown.push(now), leave: () => shown.push('left') }
    },
  }
  const room = enterRoom(transport, 'project', (now) => (people = now), clock)
  room.admit(new Set([ada]))
  return { clock, shown, room, see: (states: unknown[]) => seen(states), people: () => people }
}

test('typing ends by itself when nothing more is heard', async () => {
  const { clock, see, people } = setting()
  see([state(1)])
  expect(people()[0]!.typesIn).toEqual([chat])
  await clock.advance(20_000)
  expect(people()).toMatchObject([{ userId: ada, typesIn: [] }])
})

test('who leaves the team is not here any more', () => {
  const { see, people, room } = setting()
  see([state(0)])
  room.admit(new Set())
  expect(people()).toEqual([])
})

test('nothing is shown by who closed the room', async () => {
  const { clock, shown, room } = setting()
  room.show(state(0))
  room.close()
  await clock.advance(60_000)
  expect(shown).toEqual(['left'])
})

test('changes of a moment are said as one, and what is the same is not said again', async () => {
  const clock = createVirtualClock()
  const said: number[] = []
  const speaker = sparingly((what: number) => said.push(what), clock)
  for (const what of [1, 2, 3]) speaker.say(what)
  await clock.advance(1_000)
  speaker.say(3)
  await clock.advance(1_000)
  expect(said).toEqual([3])
})

test('however much changes, the server never hears five times in 30 seconds, and in the end the newest', async () => {
  const clock = createVirtualClock()
  const said: { at: number; what: number }[] = []
  const speaker = sparingly((what: number) => said.push({ at: clock.now(), what }), clock)
  for (let what = 0; what < 400; what++) {
    speaker.say(what)
    await clock.advance(250)
  }
  await clock.advance(60_000)
  const most = said.map(({ at }) => said.filter((one) => one.at >= at && one.at < at + 30_000).length)
  expect(Math.max(...most)).toBe(4)
  expect(said.at(-1)!.what).toBe(399)
})

test('typing is told at its first letter, again every ten seconds, and that it ended after a pause', async () => {
  const clock = createVirtualClock()
  const typing = createTyping(clock)
  const told: number[] = []
  typing.subscribe(() => told.push(typing.countIn(chat)))
  for (let second = 0; second < 15; second++) {
    typing.note(chat)
    await clock.advance(1_000)
  }
  await clock.advance(10_000)
  expect(told).toEqual([1, 2, 0])
  typing.note('another')
  expect(typing.countIn(chat)).toBe(0)
})
