import { spawnSync } from 'node:child_process'
import { rootDir } from './root.ts'

export type Step = { name: string; command: string; args: string[]; environment?: Record<string, string> }

/** Runs every step, even after a failure, so that one run shows all that is wrong. Returns the names that failed. */
export function runSteps(steps: Step[]): string[] {
  return steps.filter((step) => !runStep(step)).map((step) => step.name)
}

export function runStep({ name, command, args, environment }: Step): boolean {
  const began = performance.now()
  console.log(`\n▸ ${name}`)
  const { status, error } = spawnSync(command, args, {
    cwd: rootDir,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment, PATH: `${rootDir}/node_modules/.bin:${process.env.PATH}` },
  })
  if (error) console.error(error.message)
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  return status === 0
}

/** A TypeScript entry of ours, as the package scripts run it. */
export function ours(name: string, entry: string, ...args: string[]): Step {
  return { name, command: process.execPath, args: ['--import', 'tsx', entry, ...args] }
}

export function finish(failed: string[]): never {
  if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`)
  process.exit(failed.length > 0 ? 1 : 0)
}
