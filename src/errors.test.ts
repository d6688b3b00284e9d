import { expect, test } from 'vitest'
import { BatonError, fieldOf, sentenceOf, toBatonError, Unreachable } from './errors.ts'

test('a refusal of the database keeps its code, its words and its details', () => {
  const details = '{"field": "role"}'
  const error = toBatonError({ code: 'BT005', message: 'Ada is the last owner.', details, hint: 'Ask her.' })
  expect(error).toMatchObject({ code: 'BT005', message: 'Ada is the last owner.' })
  expect(fieldOf(error)).toBe('role')
  expect(sentenceOf(error)).toBe('Ada is the last owner. Ask her.')
})

test('a refusal without words has those of its code', () => {
  expect(toBatonError({ code: 'BT006', message: '' }).message).toBe('This invitation has expired.')
})

test('a missing right of the database is a role that does not allow it', () => {
  expect(toBatonError({ code: '42501', message: 'permission denied for table teams' }).code).toBe('BT002')
})

test('wrong credentials do not say which half is wrong', () => {
  expect(toBatonError({ code: 'invalid_credentials', message: 'Invalid login credentials' }).message).toBe(
    'This e-mail address and password do not belong together.',
  )
})

test.each([
  [{ name: 'AuthRetryableFetchError', message: 'Failed to fetch', status: 0 }],
  [{ message: 'TypeError: Failed to fetch', code: '' }],
  [new TypeError('Failed to fetch')],
  [{ message: 'upstream', status: 502 }],
])('%o means that nobody answered', (cause) => {
  expect(toBatonError(cause)).toBeInstanceOf(Unreachable)
})

test('what is not known keeps its message and its cause', () => {
  const cause = new Error('the moon is full')
  const error = toBatonError(cause)
  expect(error).toMatchObject({ code: 'unknown', message: 'the moon is full', cause })
})

test('an error that is mapped already stays as it is', () => {
  const error = new BatonError('BT003', 'gone')
  expect(toBatonError(error)).toBe(error)
})
