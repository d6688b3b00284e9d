import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { LaunchError } from './launch-error.ts'
import { isAlive, readRunFile } from './run-file.ts'

/** Everything that Baton ever puts into a data folder; `--reset` removes these and nothing else. */
const OWN_ENTRIES = ['postgres', 'storage', 'mail', 'logs', 'keys.json', 'run.json', 'cache']

export function openDataFolder(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, 'logs'), { recursive: true })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    const probe = join(dataDir, `.probe-${process.pid}`)
    writeFileSync(probe, Buffer.alloc(64 * 1024))
    rmSync(probe)
  } catch (error) {
    throw new LaunchError(describeFolderError(dataDir, error as NodeJS.ErrnoException))
  }
}

function describeFolderError(dataDir: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk that holds ${dataDir} is full: free some space, or choose another folder with BATON_DATA=<dir>.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `This user cannot write to the data folder ${dataDir}: mend its rights, or choose another with BATON_DATA=<dir>.`
    case 'ENOTDIR':
    case 'EEXIST':
      return `The data folder ${dataDir} is a file, or lies below one: choose a folder with BATON_DATA=<dir>.`
    default:
      return `The data folder ${dataDir} cannot be used (${error.message}): choose another with BATON_DATA=<dir>.`
  }
}

export function refuseToResetForeignFolder(dataDir: string): void {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return
  const isOurs = ['keys.json', 'postgres'].some((entry) => existsSync(join(dataDir, entry)))
  if (isOurs) return
  throw new LaunchError(
    `${dataDir} does not look like a data folder of Baton, so it was not emptied: check BATON_DATA.`,
  )
}

export function resetDataFolder(dataDir: string): void {
  for (const entry of OWN_ENTRIES) rmSync(join(dataDir, entry), { recursive: true, force: true })
}

/** One launcher to a data folder. A lock whose process is gone is taken over. */
export function lockDataFolder(dataDir: string): () => void {
  const path = join(dataDir, 'lock')
  for (const attempt of [1, 2]) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 2) throw error
      refuseLivingHolder(dataDir, path)
      rmSync(path, { force: true })
    }
  }
  throw new LaunchError(`Another Baton is starting with ${dataDir} right now.`)
}

function refuseLivingHolder(dataDir: string, path: string): void {
  const holder = Number(readFileSync(path, 'utf8'))
  if (!holder || holder === process.pid || !isAlive(holder) || !looksLikeBaton(holder)) return
  const app = readRunFile(dataDir)?.config.ports.app
  const where = app ? ` at http://127.0.0.1:${app}` : ''
  throw new LaunchError(
    `Baton is already running with ${dataDir} (pid ${holder}${where}): use it, stop it, or start another with BATON_DATA=<dir> and BATON_PORT=<n>.`,
  )
}

/** A process id is soon given to somebody else; where the system tells what runs under it, ask. */
function looksLikeBaton(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bootstrap.mjs') || isLauncher(pid)
  } catch {
    return true
  }
}

function isLauncher(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('launcher')
}

export function logFile(dataDir: string, part: string): string {
  return join(dataDir, 'logs', `${part}.log`)
}

const LARGEST_LOG = 20 * 1024 * 1024

export function tooLargeToAppend(path: string): boolean {
  return existsSync(path) && statSync(path).size > LARGEST_LOG
}
