/** Errors of types, found again after each change in what a project's last check has left. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Files, startWorker, type TestWorker } from './testing/worker.ts'
import type { Answer } from './worker/messages.ts'

let worker: TestWorker
beforeAll(() => {
  worker = startWorker({ mayRunTypeScript: true })
})
afterAll(() => worker.stop())

const errorsOf = (answer: Answer) => {
  if (answer.kind !== 'types') throw new Error(`Not checked: ${JSON.stringify(answer)}`)
  return answer.errors.map(({ file, line, message }) => `${file}:${line} ${message}`).sort()
}

const compilers = () =>
  readFileSync(`/proc/${worker.pid}/task/${worker.pid}/children`, 'utf8').trim().split(' ').map(Number)

const START: Files = {
  'src/main.tsx':
    "import { add } from './add'\nimport { name } from './lib/name'\nexport const sum: number = add(1, name)\n",
  'src/add.ts': 'export const add = (a: number, b: number) => a + b\n',
}
type Change = { what: string; files: Record<string, string | null>; errors: number }
const CHANGES: Change[] = [
  { what: 'what was missing is written', files: { 'src/lib/name.ts': 'export const name = 2\n' }, errors: 0 },
  { what: 'it becomes another type', files: { 'src/lib/name.ts': "export const name = 'two'\n" }, errors: 1 },
  {
    what: 'what takes it takes that',
    files: { 'src/add.ts': 'export const add = (a: number, b: string) => a + b.length\n' },
    errors: 0,
  },
  {
    what: 'a file becomes a folder with an index',
    files: { 'src/lib/name.ts': null, 'src/lib/name/index.tsx': "export const name = 'two'\n" },
    errors: 0,
  },
  { what: 'the folder goes', files: { 'src/lib/name/index.tsx': null }, errors: 1 },
  {
    what: 'data takes its place',
    files: {
      'src/lib/name.ts': "import data from './data.json'\nexport const { name } = data\n",
      'src/lib/data.json': '{"name": 3}',
    },
    errors: 1,
  },
  { what: 'the data changes its type', files: { 'src/lib/data.json': '{"name": "three"}' }, errors: 0 },
  {
    what: 'a file that nobody imports is wrong',
    files: { 'src/alone.ts': 'const a: string = 1\n' },
    errors: 1,
  },
  {
    what: 'a declaration for all of it',
    files: { 'src/all.d.ts': 'declare type Both = string | number\n' },
    errors: 1,
  },
  { what: 'it is used', files: { 'src/alone.ts': 'export const a: Both = 1\n' }, errors: 0 },
  { what: 'it goes again', files: { 'src/all.d.ts': null }, errors: 1 },
  { what: 'the text is cut off', files: { 'src/alone.ts': 'export const a = {' }, errors: 1 },
]

describe('a project that goes on', () => {
  test('has the errors that it would have from the beginning, whatever was changed', {
    timeout: 60_000,
  }, async () => {
    let files = START
    expect(errorsOf(await worker.types(files, 'goes on'))).toHaveLength(1)
    for (const { what, files: changed, errors } of CHANGES) {
      const all = { ...files, ...changed }
      files = Object.fromEntries(Object.entries(all).filter(([, text]) => text !== null)) as Files
      const found = errorsOf(await worker.types(files, 'goes on'))
      expect(found, what).toHaveLength(errors)
      expect(found, what).toEqual(errorsOf(await worker.types(files)))
    }
  })

  test('is told nothing of another one', { timeout: 60_000 }, async () => {
    const files = { 'src/main.ts': 'export const here: Elsewhere = 1\n' }
    await worker.types({ 'src/all.d.ts': 'declare type Elsewhere = number\n', ...files }, 'one')
    expect(errorsOf(await worker.types(files, 'other'))).toHaveLength(1)
  })

  test('is let go when others were checked since', { timeout: 60_000 }, async () => {
    for (const project of ['a', 'b', 'c', 'd', 'e', 'a'])
      expect(errorsOf(await worker.types(START, project))).toHaveLength(1)
    await vi.waitFor(() => expect(compilers()).toHaveLength(3)) // they are asked to end, and end in their own time
  })

  test('is checked from the beginning when its compiler has ended', { timeout: 60_000 }, async () => {
    expect(errorsOf(await worker.types(START, 'ended'))).toHaveLength(1)
    for (const pid of compilers()) process.kill(pid, 'SIGKILL')
    expect(errorsOf(await worker.types(START, 'ended'))).toHaveLength(1)
  })

  test('costs a fraction of its first check', { timeout: 60_000 }, async () => {
    const milliseconds = async (project: string, text: string) => {
      const began = performance.now()
      await worker.types({ ...START, 'src/lib/name.ts': text }, project)
      return performance.now() - began
    }
    const first = await milliseconds('fraction', 'export const name = 0\n')
    const next: number[] = []
    for (let round = 1; round <= 5; round++)
      next.push(await milliseconds('fraction', `export const name = ${round}\n`))
    expect(Math.min(...next)).toBeLessThan(first / 2)
  })
})
