import { expect, test } from 'vitest'
import { waiting } from './waiting.ts'

test.for([
  [-3, '0:00'],
  [7, '0:07'],
  [750, '12:30'],
  [11_100, '3 h 05'],
  [187_200, '2 d 4 h'],
] as const)('after %i seconds the clock shows "%s"', ([seconds, text]) => {
  expect(waiting(seconds)).toBe(text)
})
