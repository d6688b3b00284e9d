import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** The shell's variables win over `supabase/functions/.env`, the one place where secrets of the functions are kept. */
export function parseLocalEnvironment(rootDir: string): Record<string, string | undefined> {
  const path = join(rootDir, 'supabase/functions/.env')
  const fromFile = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
  const set = Object.entries(process.env).filter(([, value]) => value !== undefined && value !== '')
  return { ...fromFile, ...Object.fromEntries(set) }
}
