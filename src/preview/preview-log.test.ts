import { expect, test } from 'vitest'
import type { CaughtError, ConsoleLine, FromPreview } from '../../services/preview/messages.ts'
import type { PreviewError as ReportedError } from '../../supabase/functions/_shared/protocol.ts'
import { fixBuildMessage, fixRuntimeMessage } from './fix-message.ts'
import {
  applyMessage,
  EMPTY_LOG,
  faultsOf,
  type PreviewLog,
  presentLines,
  projectPathOf,
} from './preview-log.ts'
import { toReport } from './to-report.ts'

const FRAME = { function: 'List', file: '/src/list.tsx', line: 12, column: 5, mapped: true }

const error = (id: string, values: Partial<CaughtError> = {}): FromPreview => ({
  type: 'error',
  error: {
    id,
    kind: 'error',
    name: 'TypeError',
    message: 'x is undefined',
    frames: [FRAME],
    deployment: 'd1',
    path: '/tasks',
    at: 1,
    replayed: false,
    ...values,
  },
})
const line = (id: string, values: Partial<ConsoleLine> = {}): FromPreview => ({
  type: 'console',
  line: { id, level: 'log', text: `line ${id}`, frame: null, at: 1, replayed: false, ...values },
})
const hear = (log: PreviewLog, message: FromPreview, at = 0) => applyMessage(log, message, at)
const after = (...messages: FromPreview[]) => messages.reduce((log, message) => hear(log, message), EMPTY_LOG)

test('the same error counts up, and a replayed one is not counted twice', () => {
  const log = after(error('1'), error('2'), error('2', { replayed: true }))
  expect(log.errors).toMatchObject([{ id: '2', count: 2 }])
})

test('errors of the version that is shown are faults, those of earlier ones are past', () => {
  const log = after(error('1'), error('2', { deployment: 'd2', message: 'y' }))
  expect(faultsOf(log, [], 'd2').map(({ title }) => title)).toEqual(['TypeError: y'])
})

const visible = (deployment: string): FromPreview => ({
  type: 'visible',
  deployment,
  version: 1,
  how: 'hot',
  ms: null,
  modules: 1,
})

test('an error is past when another version is shown, and current again when that one throws it too', () => {
  const past = after(visible('d1'), error('1'), visible('d2'))
  expect(faultsOf(past, [], past.deployment)).toEqual([])
  const again = hear(past, error('2', { deployment: 'd2' }))
  expect(faultsOf(again, [], again.deployment)).toMatchObject([{ key: '2', count: 1 }])
})

test('the agent is told what the version that is shown has written, not what those before it wrote', () => {
  const written = after(visible('d1'), line('1', { at: 1_000 }), line('2', { at: 4_500 }))
  const hot = hear(hear(written, visible('d2'), 5_000), visible('d2'), 9_000)
  const log = hear(hot, line('3', { at: 5_100 }))
  expect(presentLines(log).map(({ id }) => id)).toEqual(['2', '3'])
  expect(log.lines).toHaveLength(3)
  const ready: FromPreview = { type: 'ready', deployment: 'd2', version: 2, path: '/', title: '' }
  expect(presentLines(hear(written, ready, 5_000))).toEqual([])
  expect(presentLines(after(line('1')))).toHaveLength(1)
})

test('what a teammate saw is listed once, beside what this window saw', () => {
  const reported = (id: string, message: string, deployment_id = 'd1') =>
    ({
      id,
      kind: 'error',
      message,
      deployment_id,
      frames: [],
      path: null,
      count: 3,
      reported_by: 'friend',
    }) as unknown as ReportedError
  const log = after(error('1'))
  const faults = faultsOf(
    log,
    [reported('a', 'TypeError: x is undefined'), reported('b', 'other'), reported('c', 'old', 'd0')],
    'd1',
  )
  expect(faults.map(({ title, toldBy }) => `${title} ${toldBy}`)).toEqual([
    'TypeError: x is undefined null',
    'other friend',
  ])
})

test('the console keeps its newest lines, and says how many went', () => {
  const log = after(...Array.from({ length: 510 }, (_, index) => line(String(index))))
  expect(log.lines).toHaveLength(500)
  expect(log).toMatchObject({ dropped: 10, lines: { 499: { id: '509' } } })
})

test('a frame leads to a file only when it is one of the project', () => {
  const paths = new Set(['src/list.tsx'])
  expect(projectPathOf(FRAME, paths)).toBe('src/list.tsx')
  expect(projectPathOf({ ...FRAME, mapped: false }, paths)).toBeNull()
  expect(projectPathOf({ ...FRAME, file: '/@v/react.js' }, paths)).toBeNull()
})

test('a report names the files as the project does', () => {
  const message = error('1')
  if (message.type !== 'error') throw new Error()
  expect(toReport(message.error)).toEqual({
    kind: 'error',
    message: 'TypeError: x is undefined',
    path: '/tasks',
    frames: [{ file: 'src/list.tsx', line: 12, column: 5, function: 'List' }],
  })
})

test('the agent is told what went wrong, where, how often, and what the console said', () => {
  const log = after(error('1'), error('2'), line('3', { level: 'warn', text: 'careful' }), line('4'))
  const message = fixRuntimeMessage(faultsOf(log, [], 'd1'), log.lines)
  expect(message).toContain('TypeError: x is undefined\n    at List (src/list.tsx:12:5)')
  expect(message).toContain('on the page /tasks, 2 times')
  expect(message).toContain('warn: careful')
  expect(message).not.toContain('line 4')
})

test('what is quoted cannot end its own quotation', () => {
  const log = after(error('1', { message: 'a ``` b' }))
  expect(fixRuntimeMessage(faultsOf(log, [], 'd1'), [])).toContain('````\nTypeError: a ``` b')
})

test('a build error is told with its place, which begins at column one, and its lines', () => {
  const message = fixBuildMessage({ version: 7 }, [
    { file: 'src/App.tsx', line: 3, column: 4, message: 'Unexpected token', frame: '3 | const' },
  ])
  expect(message).toContain('src/App.tsx:3:5: Unexpected token\n3 | const')
})
