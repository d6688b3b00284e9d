import { expect, test } from 'vitest'
import { complain } from './external.ts'

const fine = { major: 17, walLevel: 'logical', superuser: true, role: 'admin' }

test('a superuser of a Postgres 17 with a logical log is accepted', () => {
  expect(complain(fine)).toBeNull()
})

test.each([
  [{ ...fine, major: 16 }, /leads to Postgres 16 and Baton needs 17/],
  [{ ...fine, superuser: false }, /logs in as "admin", who is no superuser/],
  [{ ...fine, walLevel: 'replica' }, /wal_level = replica/],
])('%j is refused', (facts, sentence) => {
  expect(complain(facts)).toMatch(sentence)
})
