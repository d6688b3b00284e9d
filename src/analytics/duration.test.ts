import { expect, test } from 'vitest'
import { duration, percent } from './duration.ts'

test.for([
  [null, '–'],
  [0, '0 s'],
  [47.6, '48 s'],
  [60, '1 min'],
  [200, '3 min 20 s'],
  [3600, '1 h'],
  [7_500, '2 h 5 min'],
  [3 * 86_400 + 4 * 3_600 + 59, '3 d 4 h'],
] as const)('%s seconds are "%s"', ([seconds, text]) => {
  expect(duration(seconds)).toBe(text)
})

test('a share that nobody knows is not nought', () => {
  expect([percent(null), percent(0), percent(0.666)]).toEqual(['–', '0 %', '67 %'])
})
