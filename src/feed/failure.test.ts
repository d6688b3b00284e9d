import { expect, test } from 'vitest'
import { BatonError, ERRORS } from '../../supabase/functions/_shared/errors.ts'
import { failureOf } from './failure.ts'

test.each([
  ['BT002', true],
  ['BT003', true],
  ['BT001', false],
  ['BT011', false],
] as const)('%s from the data API keeps its code, and is final: %s', (code, denied) => {
  const failure = failureOf({ code, message: 'from SQL', details: null, hint: null })
  expect(failure.denied).toBe(denied)
  expect(failure.error).toMatchObject({ code, message: ERRORS[code] })
})

test('an unknown cause is wrapped whole and worth another try', () => {
  const cause = new TypeError('Failed to fetch')
  expect(failureOf(cause)).toMatchObject({
    denied: false,
    error: { code: 'unknown', message: 'Failed to fetch', cause },
  })
})

test('a refusal that was already recognised stays as it is', () => {
  const error = new BatonError('BT003', 'This team is gone.')
  expect(failureOf(error)).toEqual({ denied: true, error })
})
