import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** In `dist`: the hash of what it was built from. */
export const STAMP = '.stamp'

const INPUTS = [
  'src',
  'public',
  'supabase/functions/_shared',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
]

export function readStamp(dist: string): string | null {
  const path = join(dist, STAMP)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

export function hashInputs(rootDir: string): string {
  const hash = createHash('sha256')
  for (const file of INPUTS.flatMap((input) => filesUnder(join(rootDir, input)))) {
    hash
      .update(`${relative(rootDir, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path: string): string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
