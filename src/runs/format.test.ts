import { expect, test } from 'vitest'
import { costOf, durationOf, tokensOf } from './format.ts'

const AT = '2026-11-20T10:00:00.000000+00:00'
const after = (ms: number) => new Date(Date.parse(AT) + ms).toISOString()

test.each([
  [80, '80 ms'],
  [1_250, '1.3 s'],
  [42_900, '42 s'],
  [185_000, '3 min 05 s'],
  [3_720_000, '1 h 02 min'],
])('%d ms are said as people say them', (ms, said) => {
  expect(durationOf(AT, after(ms), 0)).toBe(said)
})

test('what has not ended lasts until now, and what has not begun lasts nothing', () => {
  expect(durationOf(AT, null, Date.parse(AT) + 20_000)).toBe('20 s')
  expect(durationOf(null, null, 0)).toBeNull()
  expect(durationOf(AT, null, Date.parse(AT) - 500)).toBe('0 ms')
})

test('tokens and money are short, and never nothing when they are something', () => {
  expect([0, 999, 1_234, 3_400_000].map(tokensOf)).toEqual(['0', '999', '1.2k', '3.40M'])
  expect([null, 0, 0.0004].map((usd) => costOf(usd))).toEqual(['cost not known', '$0.00', '$0.0004'])
  expect([costOf(0, true), costOf(2, true)]).toEqual(['cost not known', 'at least $2.00'])
})
