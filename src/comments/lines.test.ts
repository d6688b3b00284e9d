import { expect, test } from 'vitest'
import type { Thread } from '../../supabase/functions/_shared/protocol.ts'
import { linesNow, passageOf } from './lines.ts'

const text = ['one', 'two', 'three', 'two', 'five'].join('\n')
const about = (from: number, to: number): Thread => {
  const { quote } = passageOf(text, { from, to })
  return { from_line: from, to_line: to, quote } as Thread
}

test('lines that did not change are where they were', () => {
  expect(linesNow(text, about(2, 3))).toEqual({ from: 2, to: 3 })
  expect(linesNow(text, about(4, 4))).toEqual({ from: 4, to: 4 })
})

test('lines that were pushed down or up are found there', () => {
  expect(linesNow(`zero\n${text}`, about(2, 3))).toEqual({ from: 3, to: 4 })
  expect(linesNow('three\ntwo', about(3, 4))).toEqual({ from: 1, to: 2 })
})

test('of several places the nearest one is meant', () => {
  expect(linesNow(`two\n\n\n${text}`, about(4, 4))).toEqual({ from: 5, to: 5 })
})

test('lines that were changed are nowhere', () => {
  expect(linesNow(text.replace('three', '3'), about(2, 3))).toBeNull()
})

test('a passage that is too long to keep is known by its beginning', () => {
  const long = `start\n${'x'.repeat(3_000)}\nend`
  const passage = passageOf(long, { from: 1, to: 3 })
  expect(passage.quote).toHaveLength(2_000)
  const thread = { from_line: 1, to_line: 3, quote: passage.quote } as Thread
  expect(linesNow(`new\n${long}`, thread)).toEqual({ from: 2, to: 4 })
})
