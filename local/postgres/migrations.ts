import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Migration = { version: string; name: string; text: string; hash: string }

/** What a database remembers: `hash` is null when the start that applied it did not live to write it down. */
export type Applied = { version: string; hash: string | null }

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

const BEGIN_AGAIN = 'run "npm start -- --reset" to begin with an empty database'

export function readMigrations(rootDir: string): Migration[] {
  const folder = join(rootDir, 'supabase/migrations')
  return readdirSync(folder)
    .filter((file) => /^\d+_.*\.sql$/.test(file))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      const hash = createHash('sha256').update(text).digest('hex')
      return { version: name.split('_')[0]!, name, text, hash }
    })
}

/** The files that are still to be applied. A file that was applied must not have changed or gone since. */
export function pendingMigrations(files: Migration[], applied: Applied[]): Migration[] {
  const known = new Map(files.map((file) => [file.version, file]))
  for (const { version, hash } of applied) {
    const file = known.get(version)
    if (!file) {
      throw new MigrationError(
        `The database holds the migration ${version}, which supabase/migrations no longer has; ${BEGIN_AGAIN}.`,
      )
    }
    if (hash !== null && hash !== file.hash) {
      throw new MigrationError(
        `supabase/migrations/${file.name} has changed since it was applied to this database; ${BEGIN_AGAIN}, or undo the change.`,
      )
    }
  }
  const done = new Set(applied.map(({ version }) => version))
  return files.filter((file) => !done.has(file.version))
}
