/** The folder of a Postgres server: made once, under another name, so that a start that is cut short leaves no half. */
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { spawnNative } from '../native.ts'
import { type Binaries, POSTGRES_MAJOR } from './binaries.ts'
import { explainFailure, explainOtherMajor } from './failures.ts'
import { chooseUser, type RunAs, reach } from './run-as.ts'

export const SUPERUSER = 'supabase_admin'

/** Makes the cluster if there is none, and says as whom the server has to run. */
export async function prepareCluster(binaries: Binaries, dataDir: string, password: string): Promise<RunAs> {
  try {
    mkdirSync(dirname(dataDir), { recursive: true })
    if (!hasCluster(dataDir)) await createCluster(binaries, dataDir, password)
    return reach(chooseUser(dataDir), binaries, dataDir)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Error(explainFailure(`${code}: ${message}`, { dataDir }), { cause: error })
  }
}

function hasCluster(dataDir: string): boolean {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return false
  const versionFile = join(dataDir, 'PG_VERSION')
  if (!existsSync(versionFile)) {
    throw new Error(
      `The folder ${dataDir} holds something other than a Postgres database; choose another with BATON_DATA.`,
    )
  }
  const version = readFileSync(versionFile, 'utf8').trim()
  if (version !== String(POSTGRES_MAJOR)) throw new Error(explainOtherMajor(dataDir, version))
  return true
}

async function createCluster(binaries: Binaries, dataDir: string, password: string): Promise<void> {
  const unfinished = `${dataDir}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  const user = chooseUser(dataDir)
  mkdirSync(unfinished, { mode: 0o700 })
  give(unfinished, user)
  const secrets = mkdtempSync(join(tmpdir(), 'baton-'))
  try {
    chmodSync(secrets, 0o711)
    const passwordFile = join(secrets, 'password')
    writeFileSync(passwordFile, password, { mode: 0o600 })
    give(passwordFile, user)
    await runInitdb(binaries, unfinished, passwordFile, reach(user, binaries, unfinished), dataDir)
  } finally {
    rmSync(secrets, { recursive: true, force: true })
  }
  renameSync(unfinished, dataDir)
}

function give(path: string, { uid, gid }: RunAs): void {
  if (uid !== undefined && gid !== undefined) lchownSync(path, uid, gid)
}

async function runInitdb(
  binaries: Binaries,
  directory: string,
  passwordFile: string,
  user: RunAs,
  dataDir: string,
): Promise<void> {
  const args = [
    ['-D', directory],
    ['-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ['--no-sync', '--no-instructions'],
  ].flat()
  const child = spawnNative(binaries.initdb, args, { ...user, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(explainFailure(output, { dataDir }))
}
