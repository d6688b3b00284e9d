/**
 * Starts every part, in an order that only the data dictates: the database first, then what reads it. The building of
 * the app, the model and the app server need no database and run beside it. Any failure stops what was started.
 */

import { appendFileSync, readFileSync } from 'node:fs'
import { buildApp } from '../app/build.ts'
import { apiUrl, appUrl, previewUrl, type StackConfig } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import type { PartName } from '../part.ts'
import { emptyDatabase } from '../postgres/empty.ts'
import { prepareDatabase } from '../postgres/prepare.ts'
import {
  lockDataFolder,
  logFile,
  openDataFolder,
  refuseToResetForeignFolder,
  resetDataFolder,
} from './data-folder.ts'
import { loadOrCreateKeys } from './keys.ts'
import type { LaunchOptions } from './options.ts'
import { pickFreePorts, requireFreePorts } from './ports.ts'
import { createProgress, type Progress } from './progress.ts'
import { isAlive, readRunFile, removeRunFile, writeRunFile } from './run-file.ts'
import { createParts, type Part } from './supervisor.ts'
import { tellDatabase } from './tell-database.ts'

const PARTS: PartName[] = [
  'postgres',
  'model',
  'realtime',
  'gateway',
  'functions',
  'ticker',
  'app',
  'builder',
  'preview',
]

export async function launch(
  rootDir: string,
  options: LaunchOptions,
  say: (line: string) => void,
): Promise<void> {
  const began = performance.now()
  say(`Baton is starting (data: ${options.dataDir})`)
  if (options.reset) refuseToResetForeignFolder(options.dataDir)
  openDataFolder(options.dataDir)
  const unlock = lockDataFolder(options.dataDir)
  await formerPartsAreGone(options.dataDir)
  if (options.reset) {
    resetDataFolder(options.dataDir)
    openDataFolder(options.dataDir)
  }
  const config = await configure(rootDir, options)
  const log = createLog('launcher', (line) => appendFileSync(logFile(config.dataDir, 'launcher'), line))
  const stack = createStack(config, log)
  const stop = stopOnce(stack, () => {
    removeRunFile(config.dataDir)
    unlock()
  })
  const signal = stopOnSignals(stop, say)
  try {
    await startParts(stack, config, options.reset, log, createProgress(say))
  } catch (error) {
    await stop()
    if (signal.received) process.exit(0)
    throw error
  }
  log.info('ready', { ms: Math.round(performance.now() - began) })
  say(welcome(config, performance.now() - began))
}

async function configure(rootDir: string, options: LaunchOptions): Promise<StackConfig> {
  const n = options.firstPort
  const ports = { api: n, app: n + 1, preview: n + 2, database: n + 3, model: n + 4 }
  const { database, ...others } = ports
  await requireFreePorts(options.externalDatabaseUrl ? others : { ...others, database })
  const [realtime = 0, functions = 0, smtp = 0, builder = 0] = await pickFreePorts(4)
  return {
    rootDir,
    dataDir: options.dataDir,
    mode: options.mode,
    ports,
    internal: { realtime, functions, smtp, builder },
    keys: loadOrCreateKeys(options.dataDir),
    externalDatabaseUrl: options.externalDatabaseUrl,
    agentSettings: options.agentSettings,
    model: { ...options.model, baseUrl: options.model.baseUrl ?? `http://127.0.0.1:${ports.model}` },
  }
}

type Stack = Record<PartName, Part>

function createStack(config: StackConfig, log: Log): Stack {
  const startedAt = new Date().toISOString()
  const publish = () => {
    const pids = Object.fromEntries(
      PARTS.map((name) => [name, stack[name].pid]).filter(([, pid]) => pid !== undefined),
    )
    writeRunFile(config.dataDir, { launcher: process.pid, startedAt, config, pids })
  }
  const stack: Stack = createParts(PARTS, config, log, () => publish())
  return stack
}

async function startParts(
  stack: Stack,
  config: StackConfig,
  reset: boolean,
  log: Log,
  progress: Progress,
): Promise<void> {
  const start = (name: PartName) => progress.step(name, () => stack[name].start())
  const database = async () => {
    await start('postgres')
    if (reset && config.externalDatabaseUrl) await progress.step('emptying', () => emptyDatabase(config))
    await progress.step(
      'migrations',
      () => prepareDatabase(config, log, { seed: true }),
      ({ migrated }) => (migrated.length ? `${migrated.length} applied` : 'up to date'),
    )
    await tellDatabase(config)
    await Promise.all([start('gateway'), start('realtime'), start('preview')])
    await Promise.all([start('functions'), start('ticker'), start('builder')])
  }
  for (const name of PARTS) stack[name].load()
  const app = async () => {
    if (config.mode === 'start') {
      await progress.step(
        'app build',
        () => buildApp(config.rootDir, log),
        (built) => (built ? '' : 'up to date'),
      )
    }
    await start('app')
  }
  await Promise.all([database(), app(), start('model')])
}

/** Parts of a launcher that was killed stop on their own, within moments; a new start waits for them. */
async function formerPartsAreGone(dataDir: string): Promise<void> {
  const pids = Object.values(readRunFile(dataDir)?.pids ?? {})
  const deadline = Date.now() + 10_000
  while (pids.some(isAlive) && Date.now() < deadline) await new Promise((settle) => setTimeout(settle, 50))
  removeRunFile(dataDir)
}

function stopOnce(stack: Stack, release: () => void): () => Promise<void> {
  let stopped: Promise<void> | undefined
  const stop = async () => {
    const { postgres, ...others } = stack
    await Promise.all(Object.values(others).map((part) => part.stop()))
    await postgres.stop()
    release()
  }
  return () => {
    stopped ??= stop()
    return stopped
  }
}

function stopOnSignals(stop: () => Promise<void>, say: (line: string) => void): { received: boolean } {
  const state = { received: false }
  const onSignal = () => {
    if (state.received) return
    state.received = true
    say('Baton is stopping …')
    void stop().then(() => process.exit(0))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onSignal)
  if (process.env.npm_lifecycle_event) watchNpm(onSignal)
  return state
}

/** npm does not live to pass on a kill -9; who it started, or the shell between them, notices by being adopted. */
function watchNpm(onGone: () => void): void {
  const lineage = () => `${process.ppid} ${parentOf(process.ppid)}`
  const atStart = lineage()
  const timer = setInterval(() => {
    if (lineage() === atStart) return
    clearInterval(timer)
    onGone()
  }, 500)
  timer.unref()
}

function parentOf(pid: number): string {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
  } catch {
    return '' // no such thing as /proc here
  }
}

function welcome(config: StackConfig, ms: number): string {
  const model = {
    rehearsal: 'rehearsal model (set ANTHROPIC_API_KEY to use Claude)',
    anthropic: 'Claude, through api.anthropic.com',
    compatible: `a compatible model at ${config.model.baseUrl}`,
  }[config.model.kind]
  return `
Baton is ready in ${(ms / 1_000).toFixed(1)} s

  App       ${appUrl(config)}
  API       ${apiUrl(config)}
  Mailbox   ${apiUrl(config)}/mailbox
  Previews  ${previewUrl(config).replace('://', '://<slug>.')}
  Agents    ${model}

  Sign in as owner@demo.test, senior@demo.test, sam@demo.test, junior@demo.test
  or stranger@demo.test; the password is baton-demo.

  npm run status · npm run logs [part] · Ctrl-C stops everything`
}
