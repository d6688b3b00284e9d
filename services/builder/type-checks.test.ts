/** The types of builds are checked one after the other, and whatever comes of it is told. */
import { expect, test, vi } from 'vitest'
import type { BuildError } from '../../supabase/functions/_shared/protocol.ts'
import { ENDLESS_TYPES, type Files } from './testing/worker.ts'
import { createTypeChecks } from './type-checks.ts'

vi.setConfig({ testTimeout: 60_000 })
const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** What is told of each of these projects, in the order in which it is told. */
async function checked(
  limits: { seconds: number; memoryMb: number },
  projects: Files[],
): Promise<string[][]> {
  const told: string[][] = []
  let tellAll = () => {}
  const all = new Promise<void>((resolve) => {
    tellAll = resolve
  })
  const reportTypes = async (_build: string, _token: number, errors: BuildError[]) => {
    told.push(errors.map(({ file, message }) => `${file}: ${message}`))
    if (told.length === projects.length) tellAll()
  }
  const checks = createTypeChecks({ builds: { reportTypes }, log: silent, idleMs: 60_000, limits })
  for (const [index, files] of projects.entries()) {
    const name = `project ${index}`
    checks.request({ project: name, build: name, token: 1, files: () => new Map(Object.entries(files)) })
  }
  await all
  checks.stop()
  return told
}

const right: Files = { 'src/main.ts': 'export const a: number = 1\n' }
const wrong: Files = { 'src/main.ts': "export const a: number = 'a'\n" }

test.each([
  ['memory', { seconds: 60, memoryMb: 384 }, 'more than 0.4 GB of memory'],
  ['time', { seconds: 1, memoryMb: 16_384 }, 'more than 1 s of work'],
])('types that take too much %s are said not to be checked, and the next are', async (_, limits, reason) => {
  const told = await checked(limits, [right, ENDLESS_TYPES, wrong])
  expect(told).toEqual([
    [],
    [expect.stringMatching(`null: The types were not checked: it took ${reason}`)],
    [expect.stringContaining("src/main.ts: Type 'string' is not assignable")],
  ])
})
