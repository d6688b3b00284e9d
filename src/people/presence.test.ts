import { expect, test } from 'vitest'
import { peopleHere, type Shown, TYPING_LASTS, type TypingSeen } from './presence.ts'

const id = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`
const [ada, bob] = [id(1), id(2)]
const [chat, other] = [id(8), id(9)]
const shown = (user: string, more: Partial<Shown> = {}): Shown => ({
  user,
  tab: 'tab',
  chat: null,
  file: null,
  typing: 0,
  ...more,
})
const here = (states: unknown[], now = 0, typing: TypingSeen = new Map()) =>
  peopleHere(states, (user) => user === ada || user === bob, now, typing)

test('several tabs of one person are one person, in all their places', () => {
  const states = [shown(ada, { chat, file: 'a.ts' }), shown(ada, { tab: 'two', chat: other, file: 'a.ts' })]
  expect(here(states)).toEqual([{ userId: ada, chats: [chat, other], files: ['a.ts'], typesIn: [] }])
})

test('who is not in the team is not here, whatever they show', () => {
  expect(here([shown(id(3)), shown(bob)]).map(({ userId }) => userId)).toEqual([bob])
})

test.each([
  null,
  7,
  'text',
  {},
  { user: 'ada', tab: 'tab' },
  { user: ada },
  { user: ada, tab: 'x'.repeat(100) },
])('what is no presence is dropped: %j', (state) => {
  expect(here([state])).toEqual([])
})

test('odd places count as none', () => {
  const state = { ...shown(ada), chat: 'nowhere', file: 'x'.repeat(1000), typing: -1 }
  expect(here([state])).toEqual([{ userId: ada, chats: [], files: [], typesIn: [] }])
})

test('who types is seen to type until they say that they stopped', () => {
  const typing: TypingSeen = new Map()
  expect(here([shown(ada, { chat, typing: 1 })], 0, typing)[0]!.typesIn).toEqual([chat])
  expect(here([shown(ada, { chat })], 10, typing)[0]!.typesIn).toEqual([])
})

test('who says nothing new has stopped typing after a while, and goes on with the next count', () => {
  const typing: TypingSeen = new Map()
  here([shown(ada, { chat, typing: 1 })], 0, typing)
  expect(here([shown(ada, { chat, typing: 1 })], TYPING_LASTS - 1, typing)[0]!.typesIn).toEqual([chat])
  expect(here([shown(ada, { chat, typing: 1 })], TYPING_LASTS, typing)[0]!.typesIn).toEqual([])
  expect(here([shown(ada, { chat, typing: 2 })], TYPING_LASTS, typing)[0]!.typesIn).toEqual([chat])
})

test('a tab that left is forgotten', () => {
  const typing: TypingSeen = new Map()
  here([shown(ada, { chat, typing: 1 })], 0, typing)
  here([], 1, typing)
  expect(typing.size).toBe(0)
})
