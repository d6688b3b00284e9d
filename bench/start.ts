/** `npm start` until it says that it is ready: on an empty data folder and on one that was used, beside bare Postgres. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { loadOrCreateKeys } from '../local/launcher/keys.ts'
import { pickFreePorts, requireFreePorts } from '../local/launcher/ports.ts'
import { readRunFile } from '../local/launcher/run-file.ts'
import { startPostgres } from '../local/postgres/server.ts'
import { ROOT_DIR, silentLog } from '../local/testing/throwaway.ts'
import { millisecondsOf, percentile, report, times } from './measure.ts'

const cold: number[] = []
const coldPostgres: number[] = []
const warm: number[] = []
const warmPostgres: number[] = []

for (let round = 0; round < times(3, 1); round++) {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-bench-start-'))
  const emptyDir = mkdtempSync(join(tmpdir(), 'baton-bench-postgres-'))
  coldPostgres.push(await timeOfPostgres(emptyDir))
  cold.push(await timeOfBaton(dataDir))
  for (let again = 0; again < times(3, 1); again++) {
    warmPostgres.push(await timeOfPostgres(dataDir))
    warm.push(await timeOfBaton(dataDir))
  }
  rmSync(dataDir, { recursive: true, force: true })
  rmSync(emptyDir, { recursive: true, force: true })
}
report('npm start, empty data folder', 'ms', percentile(cold, 50), percentile(coldPostgres, 50))
report('npm start, second time', 'ms', percentile(warm, 50), percentile(warmPostgres, 50))

async function timeOfPostgres(dataDir: string): Promise<number> {
  const [port = 0] = await pickFreePorts(1)
  const { databasePassword } = loadOrCreateKeys(dataDir)
  const began = performance.now()
  const server = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    port,
    password: databasePassword,
    log: silentLog,
  })
  const took = performance.now() - began
  await server.stop()
  return took
}

async function timeOfBaton(dataDir: string): Promise<number> {
  const environment = {
    ...process.env,
    BATON_DATA: dataDir,
    BATON_PORT: String(await firstOfFiveFreePorts()),
  }
  const baton = spawn('npm', ['start', '--silent'], {
    cwd: ROOT_DIR,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const took = await millisecondsOf(() => saysThatItIsReady(baton.stdout))
  // npm would not wait for it.
  process.kill(readRunFile(dataDir)!.launcher, 'SIGTERM')
  await once(baton, 'exit')
  return took
}

/** Goes on reading afterwards: whoever closes the pipe of a program that still talks ends it. */
function saysThatItIsReady(output: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output })
    lines.on('line', (line) => line.startsWith('Baton is ready') && resolve())
    lines.once('close', () => reject(new Error('Baton ended before it was ready.')))
  })
}

async function firstOfFiveFreePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const ports = Object.fromEntries([0, 1, 2, 3, 4].map((n) => [`port ${n}`, first + n]))
    const areFree = await requireFreePorts(ports).then(
      () => true,
      () => false,
    )
    if (areFree) return first
  }
}
