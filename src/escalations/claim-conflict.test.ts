import { expect, test } from 'vitest'
import { BatonError } from '../errors.ts'
import { conflictOf, sentenceOfConflict } from './claim-conflict.ts'

const conflict = {
  claimed_by_id: 'sam',
  claimed_by_name: 'Sam',
  claimed_at: '2026-11-21T10:00:00Z',
  state: 'claimed' as const,
}
const later = (seconds: number) => Date.parse(conflict.claimed_at) + seconds * 1000

test('a loser is told who was faster, and when', () => {
  expect(sentenceOfConflict(conflict, later(2))).toBe('Already claimed by Sam just now.')
  expect(sentenceOfConflict(conflict, later(180))).toBe('Already claimed by Sam 3 minutes ago.')
})

test('one that nobody ever held was taken back', () => {
  const nobody = { ...conflict, claimed_by_id: null, claimed_by_name: null, claimed_at: null }
  expect(sentenceOfConflict(nobody, later(2))).toBe('It was taken back before anybody claimed it.')
})

test('a conflict about a file is none about a claim', () => {
  const refusal = (code: 'PT409' | 'BT002', details: unknown) => new BatonError(code, 'No.', { details })
  expect(conflictOf(refusal('PT409', conflict))).toEqual(conflict)
  expect(conflictOf(refusal('PT409', { path: 'a', version: 3 }))).toBeNull()
  expect(conflictOf(refusal('BT002', conflict))).toBeNull()
})
