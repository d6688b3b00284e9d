/**
 * `npm test [unit|database|stack|e2e …]`: all of them, or those named.
 *   unit      pure code
 *   database  the real migrations, policies and parts against a real Postgres
 *   stack     starting, stopping, killing the whole of Baton
 *   e2e       real browsers
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrInstallChromium } from './chromium.ts'
import { finish, runStep, type Step } from './run.ts'

const failuresDir = join(tmpdir(), `baton-failures-${process.pid}`)
const failuresOf = (suite: string) => join(failuresDir, suite)

const vitest = (project: string, ...options: string[]): Step => ({
  name: project,
  command: 'vitest',
  args: [
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=./scripts/failed-tests.ts',
    ...options,
  ],
  environment: { BATON_FAILED_TESTS: failuresOf(project) },
})
const SUITES: Record<string, Step> = {
  unit: vitest('unit'),
  // Most of it waits for Postgres and for processes that die, so two at a time fit even two cores.
  database: vitest('database', '--maxWorkers=2'),
  stack: vitest('stack'),
  e2e: { name: 'e2e', command: 'playwright', args: ['test'] },
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in SUITES))
if (unknown) {
  console.error(`There is no suite "${unknown}": choose from ${Object.keys(SUITES).join(', ')}.`)
  process.exit(1)
}
const chosen = asked.length > 0 ? asked : Object.keys(SUITES)
if (chosen.includes('e2e')) process.env.BATON_CHROMIUM = findOrInstallChromium()
mkdirSync(failuresDir)
const failed = chosen.filter((name) => !runStep(SUITES[name]!))

// Named once more below all that the suites behind them printed; Playwright names its own at its end.
for (const failures of failed.map(failuresOf).filter(existsSync)) {
  process.stderr.write(`\n${readFileSync(failures, 'utf8')}`)
}
rmSync(failuresDir, { recursive: true, force: true })
finish(failed)
