/** The real Supabase CLI against a database URL: it needs neither Docker nor an account for that. */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

export type CliResult = { code: number; stdout: string; stderr: string }

export type CliOptions = {
  rootDir: string
  databaseUrl: string
  /** Where the CLI keeps its own files, so that it does not write to the home of whoever starts Baton. */
  home: string
}

export function runSupabase(args: string[], { rootDir, databaseUrl, home }: CliOptions): Promise<CliResult> {
  mkdirSync(home, { recursive: true })
  const program = join(rootDir, 'node_modules/supabase/dist/supabase.js')
  const everywhere = [`--remote=${databaseUrl}`, '--workdir', rootDir, '--agent', 'no', '--yes']
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, ...args, ...everywhere],
      { env: quietEnvironment(home, databaseUrl), maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error)
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr })
      },
    )
  })
}

/** Nothing of the operator's own Supabase projects, no telemetry, no look for updates, no attempt at TLS on loopback. */
function quietEnvironment(home: string, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    SUPABASE_HOME: home,
    SUPABASE_NO_KEYRING: '1',
    SUPABASE_NO_UPDATE_NOTIFIER: '1',
    SUPABASE_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    NO_COLOR: '1',
    ...(isLoopback(databaseUrl) ? { PGSSLMODE: 'disable' } : {}),
  }
}

const isLoopback = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
