import { expect, test } from 'vitest'
import { relativeTime } from './relative-time.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const MINUTE = 60_000
const DAY = 86_400_000

test.each([
  [-20_000, 'just now'],
  [2_000, 'just now'],
  [30_000, 'in less than a minute'],
  [-5 * MINUTE, '5 minutes ago'],
  [-119 * MINUTE, '1 hour ago'],
  [-1 * DAY, 'yesterday'],
  [6.5 * DAY, 'in 6 days'],
  [7 * DAY, 'next week'],
  [-400 * DAY, 'last year'],
])('%i ms from now reads "%s"', (offset, expected) => {
  expect(relativeTime(NOW + offset, NOW)).toBe(expected)
})
