/** Where the code of the worker is: compiled beside this file, or, when this is TypeScript, bundled from its sources. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type WorkerCode = { entry: string; readable: string[] }

let found: WorkerCode | undefined

export function findWorker(): WorkerCode {
  found ??= find()
  return found
}

/** All packages are in one folder, that of Rolldown's. */
const packages = dirname(dirname(createRequire(import.meta.url).resolve('rolldown/package.json')))

function find(): WorkerCode {
  const compiled = fileURLToPath(new URL('./worker/main.js', import.meta.url))
  if (existsSync(compiled)) return { entry: compiled, readable: [`${packages}/`, compiledRoot(compiled)] }
  return {
    entry: bundled(fileURLToPath(new URL('./worker/main.ts', import.meta.url))),
    readable: [`${packages}/`],
  }
}

const compiledRoot = (entry: string) => `${dirname(dirname(dirname(dirname(entry))))}/`

/** In a process of its own, so that a bundler is not loaded into this one. */
function bundled(source: string): string {
  const folder = join(packages, '.cache/baton-builder', `worker-${process.pid}`)
  const script = `
    const { rolldown } = await import('rolldown')
    const bundle = await rolldown({
      input: ${JSON.stringify(source)}, platform: 'node', onLog() {},
      external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    })
    await bundle.write({ dir: ${JSON.stringify(folder)}, format: 'esm', entryFileNames: 'main.mjs', cleanDir: true })`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: dirname(source),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The worker of the builder could not be bundled: ${stderr}`)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'main.mjs')
}
