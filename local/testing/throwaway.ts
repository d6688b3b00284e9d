/** A Postgres that is gone afterwards, prepared like a real one: for tests, and for what is generated from the schema. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StackConfig } from '../config.ts'
import { pickFreePorts } from '../launcher/ports.ts'
import type { Log } from '../log.ts'
import { prepareDatabase } from '../postgres/prepare.ts'
import { startPostgres } from '../postgres/server.ts'

export const ROOT_DIR = fileURLToPath(new URL('../../', import.meta.url))

export type Throwaway = {
  config: StackConfig
  /** The server is killed, and there again a moment later, with all that was committed. */
  crash(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startThrowaway(): Promise<Throwaway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-throwaway-'))
  const config = throwawayConfig({ dataDir, databasePort: (await pickFreePorts(1))[0]! })
  const launch = () =>
    startPostgres({
      dataDir: join(dataDir, 'postgres'),
      port: config.ports.database,
      password: config.keys.databasePassword,
      log: silentLog,
      fsync: false,
    })
  let server = await launch()
  const crash = async () => {
    process.kill(server.pid, 'SIGKILL')
    await server.exited
    server = await launch()
  }
  const dispose = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await prepareDatabase(config, silentLog, { seed: false })
  } catch (error) {
    await dispose()
    throw error
  }
  return { config, crash, [Symbol.asyncDispose]: dispose }
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** Only the database is real; whoever starts other parts gives them ports. */
export function throwawayConfig(options: {
  dataDir: string
  databasePort: number
  password?: string
  databaseUrl?: string
}): StackConfig {
  return {
    rootDir: ROOT_DIR,
    dataDir: options.dataDir,
    mode: 'start',
    ports: { api: 0, app: 0, preview: 0, database: options.databasePort, model: 0 },
    internal: { realtime: 0, functions: 0, smtp: 0, builder: 0 },
    keys: {
      publishable: 'sb_publishable_for_tests',
      secret: 'sb_secret_for_tests',
      jwtSecret: 'a-secret-for-tests-that-signs-the-tokens-of-people',
      databasePassword: options.password ?? randomBytes(12).toString('hex'),
    },
    externalDatabaseUrl: options.databaseUrl ?? null,
    model: { kind: 'rehearsal', baseUrl: 'http://127.0.0.1:0', apiKey: '' },
    agentSettings: {},
  }
}
