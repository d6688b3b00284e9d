// @ts-check
/**
 * The one file that must run before anything is installed, and so the one that is not TypeScript.
 * Checks Node, installs what the lockfile asks for, then runs the given TypeScript entry in this same process. What
 * starts Baton (local/) is compiled once for each state of the code, since each of its processes would do so otherwise.
 *
 *   node scripts/bootstrap.mjs <entry.ts> [arguments]
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const OLDEST_NODE = [20, 19]

const entry = process.argv[2]
if (!entry) fail('usage: node scripts/bootstrap.mjs <entry.ts> [arguments]')
checkNode()
installWhatIsMissing()
await run(entry)

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  fail(
    `Baton needs Node ${OLDEST_NODE.join('.')} or newer, and this is Node ${process.versions.node}: install a newer one and start again.`,
  )
}

/**
 * Not `npm ci`: that refuses a lockfile in which the packages for other platforms are missing, as they are when the
 * registry that it was made with does not carry them. The locked versions are installed all the same.
 */
function installWhatIsMissing() {
  const wanted = createHash('sha256')
    .update(readFileSync(resolve(root, 'package-lock.json')))
    .digest('hex')
  const stamp = resolve(root, 'node_modules/.baton-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return

  const began = Date.now()
  process.stderr.write('Installing dependencies (once) …\n')
  const npm = process.env.npm_execpath
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []]
  const result = spawnSync(command, [...first, 'install', '--no-save', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: !npm && process.platform === 'win32',
  })
  if (result.status !== 0) {
    fail(
      '"npm install" failed, so Baton cannot start: see its message above, check the network and the disk, and start again.',
    )
  }
  writeFileSync(stamp, wanted)
  process.stderr.write(`Installed in ${((Date.now() - began) / 1000).toFixed(1)} s.\n`)
}

/** @param {string} script */
async function run(script) {
  process.env.BATON_ROOT = root
  const path = script.startsWith('local/launcher/') ? compiled(script) : resolve(root, script)
  if (path.endsWith('.ts')) (await import('tsx/esm/api')).register()
  process.argv.splice(1, 2, path)
  await import(pathToFileURL(path).href)
}

/** @param {string} script @returns {string} */
function compiled(script) {
  const cache = resolve(root, 'node_modules/.cache/baton')
  const folder = join(cache, hashOfCode())
  if (!existsSync(folder) && !mayWrite(cache)) return resolve(root, script) // slower, and works all the same
  if (!existsSync(folder)) compile(cache, folder)
  return join(folder, script.replace(/\.ts$/, '.js'))
}

/** A user who does not own the checkout can start it none the less. @param {string} cache */
function mayWrite(cache) {
  try {
    mkdirSync(cache, { recursive: true })
    accessSync(cache, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Into a folder of its own and then into place: several may do so at once. @param {string} cache @param {string} folder */
function compile(cache, folder) {
  const work = `${folder}-${process.pid}`
  mkdirSync(cache, { recursive: true })
  for (const old of byAge(cache).slice(3)) rmSync(old, { recursive: true, force: true })
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc')
  const result = spawnSync(process.execPath, [tsc, '-p', resolve(root, 'local'), '--outDir', work], {
    encoding: 'utf8',
  })
  if (result.status !== 0) fail(`The code of Baton could not be compiled:\n${result.stdout}${result.stderr}`)
  if (existsSync(folder)) rmSync(work, { recursive: true, force: true })
  else renameSync(work, folder)
}

/** Newest first: a Baton that runs may be of an older state of the code. @param {string} folder */
function byAge(folder) {
  const paths = readdirSync(folder).map((name) => join(folder, name))
  return paths.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
}

function hashOfCode() {
  const hash = createHash('sha256').update(process.version)
  for (const file of ['package-lock.json', 'tsconfig.json', 'local/tsconfig.json'])
    hash.update(readFileSync(resolve(root, file)))
  for (const folder of ['local', 'scripts', 'services', 'supabase/functions/_shared']) {
    for (const file of readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.ts$/.test(file) && !/\.(test|deno)\.ts$/.test(file))
        hash.update(file).update(readFileSync(resolve(root, folder, file)))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
