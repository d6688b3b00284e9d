import { expect, test } from 'vitest'
import { safeNextPath } from './next-path.ts'

test.each(['/invite', '/t/1/members', '/t/1?tab=open'])('%s is a path to go on to', (path) => {
  expect(safeNextPath(path)).toBe(path)
})

test.each([
  'https://evil.test/x',
  '//evil.test/x',
  '/\\evil.test',
  '/\t/evil.test',
  'javascript:alert(1)',
  'members',
  '/',
  '',
  undefined,
  7,
])('%j is not', (path) => {
  expect(safeNextPath(path)).toBeUndefined()
})
