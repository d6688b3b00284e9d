/**
 * Builds the app when what it is made of has changed. Several instances may do so at once in one checkout, so each
 * builds into a folder of its own and then renames it into place; whoever comes second finds the same build there.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '../log.ts'
import { hashInputs, readStamp, STAMP } from './stamp.ts'

const run = promisify(execFile)
const WORK = '.baton-build-'

/** Whether there was something to build. */
export async function buildApp(rootDir: string, log: Log): Promise<boolean> {
  const dist = join(rootDir, 'dist')
  const stamp = hashInputs(rootDir)
  if (readStamp(dist) === stamp) return false

  removeAbandoned(rootDir)
  const work = join(rootDir, `${WORK}${process.pid}-${randomUUID()}`)
  try {
    log.info('building the app')
    await viteBuild(rootDir, work)
    writeFileSync(join(work, STAMP), stamp)
    putInPlace(work, dist, stamp)
    return true
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** In a process of its own, so that its environment is that of production and its memory is given back. */
async function viteBuild(rootDir: string, outDir: string): Promise<void> {
  const vite = join(rootDir, 'node_modules/vite/bin/vite.js')
  const options = { cwd: rootDir, env: { ...process.env, NODE_ENV: 'production' } }
  try {
    await run(
      process.execPath,
      [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
      options,
    )
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string }
    throw new Error(`The app could not be built.\n${stderr.trim()}`, { cause })
  }
}

function putInPlace(work: string, dist: string, stamp: string): void {
  const former = `${work}-former`
  try {
    renameUnlessGone(dist, former)
    renameSync(work, dist)
  } catch (error) {
    if (readStamp(dist) !== stamp) throw error
  } finally {
    rmSync(former, { recursive: true, force: true })
  }
}

function renameUnlessGone(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** What a build left behind that was killed half-way. */
function removeAbandoned(rootDir: string): void {
  for (const name of readdirSync(rootDir)) {
    const pid = Number.parseInt(name.slice(WORK.length), 10)
    if (name.startsWith(WORK) && !isRunning(pid))
      rmSync(join(rootDir, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
