import { realpathSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { spawnNative, stopNative } from '../native.ts'
import { findBinaries } from './binaries.ts'
import { prepareCluster } from './cluster.ts'
import { explainFailure } from './failures.ts'
import { clusterName, stopLeftover } from './leftover.ts'
import { createOutputReader } from './output.ts'
import type { RunAs } from './run-as.ts'
import { asArguments, serverSettings } from './settings.ts'

export type PostgresOptions = {
  /** The folder of the server itself; made when it is missing. */
  dataDir: string
  port: number
  log: Log
  /** Of the superuser, given to a server that is made now. */
  password: string
  /** Off makes tests faster; what is kept must survive a power cut. */
  fsync?: boolean
}

export type RunningPostgres = {
  port: number
  pid: number
  /** Resolves when the server ends, wanted or not. */
  exited: Promise<void>
  stop(): Promise<void>
}

export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, log, password } = options
  const binaries = await findBinaries()
  const user = await prepareCluster(binaries, dataDir, password)
  await stopLeftover(dataDir, log)
  const launch = () => launchServer(binaries.postgres, user, options)
  return await launch().catch(async (error: unknown) => {
    if (!(error instanceof FormerServerLingers)) throw error
    await pause(1_000)
    return await launch()
  })
}

/** The workers of a server that was killed need a moment to notice. */
class FormerServerLingers extends Error {}

async function launchServer(
  program: string,
  user: RunAs,
  options: PostgresOptions,
): Promise<RunningPostgres> {
  const { dataDir, port, log, fsync = true } = options
  const settings = { ...serverSettings({ port, fsync }), cluster_name: clusterName(process.pid) }
  const server = spawnNative(program, ['-D', realpathSync(dataDir), ...asArguments(settings)], {
    ...user,
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    deathSignal: 'SIGQUIT',
  })
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const read = createOutputReader(log, (line) => {
      said = `${said}${line}\n`.slice(-10_000)
      if (line.includes('database system is ready to accept connections')) resolve()
    })
    server.stderr?.on('data', read)
    server.once('error', reject)
    server.once('close', () => {
      const Failure = said.includes('is still in use') ? FormerServerLingers : Error
      reject(new Failure(explainFailure(said, { dataDir, port })))
    })
  })
  return {
    port,
    pid: server.pid!,
    exited,
    stop: () => stopNative(server, { signal: 'SIGINT', lastSignal: 'SIGQUIT', graceMs: 5_000 }),
  }
}
