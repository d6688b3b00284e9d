import { expect, test } from 'vitest'
import { analyticsSearch, dayOf, spanOf } from './period.ts'

const now = new Date(2026, 10, 21, 15, 30)

test('a month ends with today and has thirty days', () => {
  const { from, to } = spanOf({}, now)
  expect([dayOf(from), dayOf(to)]).toEqual(['2026-10-23', '2026-11-22'])
})

test('days that were chosen win over the period, and the last one is included', () => {
  const { from, to } = spanOf({ period: 'week', from: '2026-02-01', to: '2026-02-28' }, now)
  expect([dayOf(from), dayOf(to)]).toEqual(['2026-02-01', '2026-03-01'])
})

test('an address that somebody mangled shows the usual month', () => {
  expect(analyticsSearch({ period: 'aeon', from: '2026-02-30', to: 'x', person: 3 })).toEqual(
    analyticsSearch({}),
  )
})

test('days in the wrong order are no span', () => {
  expect(analyticsSearch({ from: '2026-03-02', to: '2026-03-01' }).from).toBeUndefined()
})
