import { expect, test } from 'vitest'
import { explainPushFailure } from './push-failure.ts'

const TEXT = `create table t (id int);

-- rows
insert into t
  values (1),
    (nope);
select 1;
`

function failure(message: string, stderr = 'Applying migration 1_t.sql...\n'): string {
  const stdout = JSON.stringify({ error: { message } })
  return explainPushFailure({ code: 1, stdout, stderr }, () => TEXT)
}

test('a caret points at a line within the statement', () => {
  const message =
    'ERROR: column "nope" does not exist (SQLSTATE 42703)\nAt statement: 1\n-- rows\ninsert into t\n  values (1),\n    (nope);\n     ^'
  expect(failure(message.replace('(nope);', '(nope)'))).toBe(
    'supabase/migrations/1_t.sql:6: column "nope" does not exist (SQLSTATE 42703); nothing of this file was applied.',
  )
})

test('without caret the statement itself is the place, comments before it left out', () => {
  const message =
    'ERROR: oh (SQLSTATE 23505)\nAt statement: 1\n-- rows\ninsert into t\n  values (1),\n    (nope)'
  expect(failure(message)).toContain('1_t.sql:4: oh (SQLSTATE 23505)')
})

test('the last file that was begun is the one that failed', () => {
  const stderr =
    'Applying migration 0_a.sql...\nApplying migration 1_t.sql...\nSeeding data from supabase/seed.sql...\n'
  expect(failure('ERROR: oh', stderr)).toMatch(/^supabase\/seed.sql: oh;/)
})

test('a failure before any file is passed on whole', () => {
  expect(failure('connection refused', '')).toBe('The migrations were not applied: connection refused')
})

test('a CLI that dies without JSON is quoted by its last line', () => {
  const result = { code: 2, stdout: '', stderr: 'first\nunknown flag: --remote\n' }
  expect(explainPushFailure(result, () => TEXT)).toContain('unknown flag: --remote')
})
