// @ts-check
/**
 * The one file that must run before anything is installed, and so the one that is not TypeScript.
 * Checks Node, installs what the lockfile asks for, then runs the given TypeScript entry in this same process.
 *
 *   node scripts/bootstrap.mjs <entry.ts> [arguments]
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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
  const { register } = await import('tsx/esm/api')
  register()
  const path = resolve(root, script)
  process.argv.splice(1, 2, path)
  await import(pathToFileURL(path).href)
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
