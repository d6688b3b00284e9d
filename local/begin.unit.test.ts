import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rootDir } from '../scripts/root.ts'

/**
 * When the connection of a transaction dies, `sql.begin` of postgres.js (3.4.9) still sends its own `rollback`, from a
 * timer, to a socket that is no more. That exception nobody can catch, so it ends the process. What has to outlive its
 * connections says what it wants in one message (`sql.unsafe('…; …').simple()`), or calls a function of the database.
 */
test('nothing that is to outlive its connections uses the transactions of postgres.js', () => {
  const sources = ['local', 'services', 'scripts', 'supabase/functions']
    .flatMap((folder) =>
      readdirSync(join(rootDir, folder), { recursive: true }).map((path) => `${folder}/${path}`),
    )
    .filter(
      (path) => path.endsWith('.ts') && !/node_modules|\.test\.ts$|\/testing\/|\/scenarios\//.test(path),
    )
  expect(sources.length).toBeGreaterThan(100)
  const users = sources.filter((path) =>
    /\.(begin|savepoint)\(\s*(async\b|\(|['"`])/.test(readFileSync(join(rootDir, path), 'utf8')),
  )
  expect(users).toEqual([])
})
