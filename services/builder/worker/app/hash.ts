import { createHash } from 'node:crypto'

/** Enough to tell contents of one project apart in a name. */
export function shortHash(...parts: string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 16)
}
