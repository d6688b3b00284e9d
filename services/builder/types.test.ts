/** Errors of types, by a compiler that goes on from what it checked last. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Files, startWorker, type TestWorker } from './testing/worker.ts'
import type { Answer } from './worker/messages.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let worker: TestWorker
let other: TestWorker
beforeAll(async () => {
  worker = startWorker({ mayRunTypeScript: true })
  other = startWorker({ mayRunTypeScript: true })
  await Promise.all([worker, other].map((one) => one.types(START)))
})
afterAll(() => {
  worker.stop()
  other.stop()
})

const errorsOf = (answer: Answer) => {
  if (answer.kind !== 'types') throw new Error(`Not checked: ${JSON.stringify(answer)}`)
  return answer.errors.map(({ file, line, message }) => `${file}:${line} ${message}`).sort()
}

const compilersOf = ({ pid }: TestWorker): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

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

/** Its compiler ends first, so that nothing is left of any check before. */
async function fromTheBeginning(files: Files): Promise<string[]> {
  for (const pid of compilersOf(other)) process.kill(pid, 'SIGKILL')
  return errorsOf(await other.types(files))
}

test('a project has the errors that it would have from the beginning, whatever was changed', async () => {
  let files = START
  expect(errorsOf(await worker.types(files))).toHaveLength(1)
  for (const { what, files: changed, errors } of CHANGES) {
    const all = { ...files, ...changed }
    files = Object.fromEntries(Object.entries(all).filter(([, text]) => text !== null)) as Files
    const found = errorsOf(await worker.types(files))
    expect(found, what).toHaveLength(errors)
    expect(found, what).toEqual(await fromTheBeginning(files))
  }
})

test('a project is told nothing of the one that was checked before it', async () => {
  const files = {
    'src/main.ts': "import { kept } from './lib/kept'\nexport const here: Elsewhere = kept\n",
  }
  const elsewhere = {
    'src/all.d.ts': 'declare type Elsewhere = number\n',
    'src/lib/kept.ts': 'export const kept = 1\n',
  }
  expect(errorsOf(await worker.types({ ...elsewhere, ...files }))).toEqual([])
  const errors = errorsOf(await worker.types(files))
  expect(errors).toHaveLength(2)
  expect(errors).toEqual(await fromTheBeginning(files))
  expect(errorsOf(await worker.types({ ...elsewhere, ...files }))).toEqual([])
})

test('one compiler goes on from check to check, and another one begins when it has ended', async () => {
  await worker.types(START)
  const [compiler] = compilersOf(worker)
  for (let count = 0; count < 3; count++) expect(errorsOf(await worker.types(START))).toHaveLength(1)
  expect(compilersOf(worker)).toEqual([compiler])
  process.kill(compiler!, 'SIGKILL')
  expect(errorsOf(await worker.types(START))).toHaveLength(1)
  expect(compilersOf(worker).filter((pid) => pid !== compiler)).toHaveLength(1)
})
