import { expect, test } from 'vitest'
import type { CaughtError, ConsoleLine } from '../../services/preview/messages.ts'
import { lineToReport, toReport } from './to-report.ts'

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

test('what was written as an error is a report of the console, with the place where it was written', () => {
  const frame = { function: 'load', file: '/src/load.ts', line: 3, column: 5, mapped: true }
  expect(lineToReport({ level: 'error', text: 'no\0pe', frame } as ConsoleLine, '/tasks')).toEqual({
    kind: 'console',
    message: 'no\ufffdpe',
    path: '/tasks',
    frames: [{ file: 'src/load.ts', line: 3, column: 5, function: 'load' }],
  })
})
