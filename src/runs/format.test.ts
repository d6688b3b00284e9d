import { expect, test } from 'vitest'
import { costOf, tokensOf, tookText } from './format.ts'

test('what runs has taken as long as it runs, and what waits has taken nothing', () => {
  const started_at = '2026-11-20T10:00:00.000000+00:00'
  const now = Date.parse(started_at) + 20_000
  expect(tookText({ started_at, ended_at: null }, now)).toBe('20 s')
  expect(tookText({ started_at: null, ended_at: null }, now)).toBeNull()
})

test('tokens and money are short, and never nothing when they are something', () => {
  expect([0, 999, 1_234, 3_400_000].map(tokensOf)).toEqual(['0', '999', '1.2k', '3.40M'])
  expect([null, 0, 0.0004].map((usd) => costOf(usd))).toEqual(['cost not known', '$0.00', '$0.0004'])
  expect([costOf(0, true), costOf(2, true)]).toEqual(['cost not known', 'at least $2.00'])
})
