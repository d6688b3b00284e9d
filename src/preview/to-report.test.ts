import { expect, test } from 'vitest'
import type { CaughtError } from '../../services/preview/messages.ts'
import { toReport } from './to-report.ts'

test('what a hostile preview says can be stored, whatever is in it', () => {
  const hostile = 'a\0b\ud800c'
  const error = {
    kind: 'error',
    name: 'Error',
    message: hostile,
    path: hostile,
    frames: [{ function: hostile, file: `/src/${hostile}`, line: 0, column: 0 }],
  } as unknown as CaughtError
  const report = toReport(error)
  expect(JSON.stringify(report)).not.toMatch(/\\u0000|\\ud800/)
  expect(report.path).toBe('a\ufffdb\ufffdc')
  expect(report.frames[0]).toMatchObject({ line: null, column: null })
})
