import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { rootDir } from './root.ts'

const cli = join(rootDir, 'node_modules/.bin/supabase')
const quiet = { DO_NOT_TRACK: '1', SUPABASE_TELEMETRY_DISABLED: '1' }

/** Runs the CLI where the person sees it; a failure ends the script with the sentence given. */
export function supabase(args: string[], onFailure: string): void {
  console.log(`\n▸ supabase ${args.join(' ')}`)
  const { status } = spawnSync(cli, args, {
    cwd: rootDir,
    stdio: 'inherit',
    env: { ...process.env, ...quiet },
  })
  if (status !== 0) fail(onFailure)
}

/** Runs the CLI for its JSON answer, which is not shown since it may hold keys. */
export function supabaseJson(args: string[], onFailure: string): unknown {
  const { status, stdout, stderr } = spawnSync(cli, [...args, '--output', 'json'], {
    cwd: rootDir,
    encoding: 'utf8',
    env: { ...process.env, ...quiet },
  })
  if (status !== 0) fail(`${onFailure}\n${stderr.trim()}`)
  try {
    return JSON.parse(stdout)
  } catch {
    fail(`${onFailure}\nThe Supabase CLI answered something that is not JSON: ${stdout.slice(0, 200)}`)
  }
}

export function fail(sentence: string): never {
  console.error(`\n${sentence}`)
  process.exit(1)
}
