import { expect, test } from 'vitest'
import { isAwayAfter } from './following.ts'

const at = (top: number, most: number) => ({ top, most })

test.each([
  ['the end moves away while text streams', at(500, 500), at(500, 900)],
  ['the window becomes smaller', at(500, 500), at(500, 740)],
  ['what is above was smaller than thought', at(500, 500), at(420, 420)],
  ['the last row folds', at(500, 500), at(300, 300)],
])('who was at the end follows it still when %s', (_, before, now) => {
  expect(isAwayAfter(false, before, now)).toBe(false)
})

test.each([
  ['a line', at(500, 500), at(460, 500)],
  ['far', at(5_000, 5_000), at(20, 5_000)],
  ['while text streams below', at(500, 500), at(460, 520)],
  ['while a row above turns out to be smaller', at(500, 500), at(360, 400)],
])('who goes up %s is away', (_, before, now) => {
  expect(isAwayAfter(false, before, now)).toBe(true)
})

test('who is away stays away while the conversation grows, and while they go down on the way', () => {
  expect(isAwayAfter(true, at(460, 500), at(460, 700))).toBe(true)
  expect(isAwayAfter(true, at(100, 500), at(300, 500))).toBe(true)
})

test('who is away a little is not taken back by a row that is measured above', () => {
  expect(isAwayAfter(true, at(460, 500), at(500, 540))).toBe(true)
})

test('who comes near to the end follows it again', () => {
  expect(isAwayAfter(true, at(300, 500), at(460, 500))).toBe(false)
  expect(isAwayAfter(true, at(300, 500), at(500, 500))).toBe(false)
})

test('a scroll that tells nothing new changes nothing', () => {
  expect(isAwayAfter(true, at(500, 500), at(500, 500))).toBe(true)
  expect(isAwayAfter(false, at(300, 500), at(300, 500))).toBe(false)
})
