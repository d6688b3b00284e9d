/**
 * Edge functions run on Deno, with an import map each: proves that it maps every package that the function imports, to
 * the version that package.json pins, and that Deno finds no type error. Nothing is downloaded; packages come from
 * node_modules, as they do in the stack.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootDir } from '../../scripts/root.ts'
import { finish, runStep, type Step } from '../../scripts/run.ts'
import { denoBinary } from './deno.ts'
import { importFaults, versionFaults } from './function-imports.ts'

const FUNCTIONS = 'supabase/functions'
const OFFLINE = ['--no-lock', '--no-remote', '--no-config', '--node-modules-dir=manual']
const environment = {
  DENO_DIR: join(rootDir, 'node_modules/.cache/deno'),
  DENO_NO_PACKAGE_JSON: '1',
  DENO_NO_UPDATE_CHECK: '1',
}

const names = readdirSync(join(rootDir, FUNCTIONS), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
  .map(({ name }) => name)

const faults = names.flatMap(faultsOf)
for (const fault of faults) console.error(fault)

const checks = [
  typesOf('local/functions/worker.deno.ts'),
  ...names.map((name) => typesOf(`${FUNCTIONS}/${name}/index.ts`, importMap(name))),
]
const failed = checks.filter((check) => !runStep(check)).map(({ name }) => name)
finish([...(faults.length > 0 ? ['imports'] : []), ...failed])

function faultsOf(name: string): string[] {
  const { dependencies, devDependencies } = readJson('package.json')
  const { imports = {} } = readJson(`${FUNCTIONS}/${name}/deno.json`)
  return [
    ...versionFaults(name, imports, { ...dependencies, ...devDependencies }),
    ...importFaults(name, imports, importedBy(name)),
  ]
}

/** What is written after `from` in every module of ours that the function consists of. */
function importedBy(name: string): string[] {
  const args = ['info', '--json', ...OFFLINE, importMap(name), `${FUNCTIONS}/${name}/index.ts`]
  const run = spawnSync(denoBinary(), args, {
    cwd: rootDir,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  if (run.status !== 0) throw new Error(`Deno cannot read ${name}: ${run.stderr}`)
  const graph: { modules: { dependencies?: { specifier: string }[] }[] } = JSON.parse(run.stdout)
  return graph.modules.flatMap(({ dependencies = [] }) => dependencies.map(({ specifier }) => specifier))
}

function typesOf(entry: string, ...more: string[]): Step {
  const args = ['check', '--quiet', ...OFFLINE, ...more, entry]
  return { name: entry, command: denoBinary(), args, environment }
}

function importMap(name: string): string {
  return `--import-map=${FUNCTIONS}/${name}/deno.json`
}

function readJson(path: string) {
  return JSON.parse(readFileSync(join(rootDir, path), 'utf8'))
}
