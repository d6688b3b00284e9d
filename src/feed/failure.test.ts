import { expect, test } from 'vitest'
import { BatonError } from '../../supabase/functions/_shared/errors.ts'
import { failureOf } from './failure.ts'

test.each([
  ['BT001', false],
  ['BT002', true],
  ['BT003', true],
  ['BT011', false],
] as const)('%s raised in SQL is final: %s', (code, denied) => {
  const cause = { code, message: 'from SQL', details: null, hint: null }
  expect(failureOf(cause)).toMatchObject({ denied, error: { code } })
})

test('a request that went out without its token is not final, although it is told much the same', () => {
  const cause = { code: '42501', message: 'permission denied for function read_events' }
  expect(failureOf(cause)).toMatchObject({ denied: false, error: { code: 'BT002' } })
})

test('a refusal that was already recognised stays as it is', () => {
  const error = new BatonError('BT003', 'This team is gone.')
  expect(failureOf(error)).toEqual({ denied: true, error })
})
