import { expect, test } from 'vitest'
import { durationText, lasted } from './duration.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.for([
  [0, '0 ms'],
  [79.6, '80 ms'],
  [999.7, '999 ms'],
  [1_250, '1.2 s'],
  [4_000, '4.0 s'],
  [9_999, '9.9 s'],
  [42_900, '42 s'],
  [MINUTE, '1 min'],
  [3 * MINUTE + 20 * SECOND, '3 min 20 s'],
  [HOUR, '1 h'],
  [2 * HOUR + 5 * MINUTE + 30 * SECOND, '2 h 5 min'],
  [3 * DAY + 4 * HOUR + 59 * SECOND, '3 d 4 h'],
  [DAY + 59 * SECOND, '1 d'],
] as const)('%s ms are "%s"', ([ms, text]) => {
  expect(durationText(ms)).toBe(text)
})

test('what has not ended lasts until now, and what has not begun lasts nothing', () => {
  const from = '2026-11-20T10:00:00.000000+00:00'
  const at = Date.parse(from)
  expect(lasted(from, '2026-11-20T10:00:01.500000+00:00', 0)).toBe(1_500)
  expect(lasted(from, null, at + 20_000)).toBe(20_000)
  expect(lasted(null, null, at)).toBeNull()
  expect(lasted(from, null, at - 500)).toBe(0)
})
