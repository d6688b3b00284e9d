import { expect, test } from 'vitest'
import { matching, named, namingAt, partsOf } from './mentions.ts'

const sam = { user_id: 'sam', display_name: 'Sam' }
const samantha = { user_id: 'samantha', display_name: 'Samantha Lee' }
const lee = { user_id: 'lee', display_name: 'Jo-Lee (2)' }

test.each([
  ['@', { at: 0, query: '' }],
  ['Hello @sa', { at: 6, query: 'sa' }],
  ['(@Sam L', { at: 1, query: 'Sam L' }],
  ['mail@sam', null],
  ['@ sam', null],
  ['@sam\nnext', null],
  ['nobody', null],
])('%j is the beginning of a name: %j', (text, expected) => {
  expect(namingAt(text, text.length)).toEqual(expected)
})

test('people are found by each word of their name, the first one first', () => {
  expect(matching([lee, samantha, sam], 'LE')).toEqual([samantha])
  expect(matching([samantha, sam], 'sam')).toEqual([sam, samantha])
  expect(matching([samantha, sam], 'am')).toEqual([])
})

test('a chosen name takes the place of what was typed', () => {
  expect(named('Ask @sa about it', { at: 4, query: 'sa' }, 'Sam')).toEqual({
    text: 'Ask @Sam about it',
    cursor: 9,
  })
  expect(named('@', { at: 0, query: '' }, 'Sam')).toEqual({ text: '@Sam ', cursor: 5 })
})

test('a text is cut at the names of those whom it mentions, whole names only', () => {
  const mentions = [sam, samantha, lee].map(({ user_id, display_name }) => ({ user_id, name: display_name }))
  const parts = partsOf('@sam, @Samantha Lee and me@sam, @Samuel @Jo-Lee (2)', mentions)
  expect(parts.map(({ text }) => text).join('')).toBe('@sam, @Samantha Lee and me@sam, @Samuel @Jo-Lee (2)')
  expect(parts.filter(({ userId }) => userId)).toEqual([
    { text: '@sam', userId: 'sam' },
    { text: '@Samantha Lee', userId: 'samantha' },
    { text: '@Jo-Lee (2)', userId: 'lee' },
  ])
})
