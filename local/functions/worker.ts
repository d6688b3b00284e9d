/** One Deno process that runs one function. */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Log } from '../log.ts'
import { spawnNative } from '../native.ts'
import { denoBinary } from './deno.ts'
import { denoArguments, type WorkerPaths } from './deno-arguments.ts'
import { watchPulse } from './pulse.ts'
import type { FunctionSettings } from './settings.ts'
import { type ConsoleLevel, LINE_MARK, WORKER_SETTINGS, type WorkerLine } from './worker-protocol.ts'

export type WorkerPlan = {
  settings: FunctionSettings
  environment: Record<string, string>
  paths: WorkerPaths
  /** How long it may compute without answering anything. */
  pulseTimeoutMs: number
}

export type Worker = {
  readonly pid: number | undefined
  readonly port: number
  readonly token: string
  readonly exited: Promise<void>
  /** Held for the length of a request, so that the process is not stopped under it. */
  hold(): () => void
  /** Lets open requests and `waitUntil` end, and kills what is left when `patienceMs` are over. */
  drain(patienceMs: number): Promise<void>
}

const PATIENCE_TO_BOOT_MS = 10_000

export async function bootWorker(plan: WorkerPlan, log: Log): Promise<Worker> {
  const began = performance.now()
  const token = randomUUID()
  const child = spawnWorker(plan, token)
  const exited = new Promise<void>((settle) => child.once('exit', () => settle()))
  try {
    const port = await listening(child, log)
    const pulse = watchPulse(port, plan.pulseTimeoutMs, () => {
      log.error('function answers nothing any more, ending it', { pid: child.pid })
      child.kill('SIGKILL')
    })
    void exited.then(() => pulse.stop())
    log.info('function booted', { pid: child.pid, ms: Math.round(performance.now() - began) })
    return { pid: child.pid, port, token, exited, ...lifeOf(child, exited) }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

function spawnWorker({ settings, environment, paths }: WorkerPlan, token: string): ChildProcess {
  const worker = { entrypoint: `file://${settings.entrypoint}`, token, visible: Object.keys(environment) }
  return spawnNative(denoBinary(), denoArguments(settings, paths), {
    cwd: paths.functionsDir,
    env: {
      ...environment,
      [WORKER_SETTINGS]: JSON.stringify(worker),
      DENO_DIR: join(paths.dataDir, 'deno'),
      DENO_NO_PACKAGE_JSON: '1',
      DENO_NO_UPDATE_CHECK: '1',
      NO_COLOR: '1',
      PATH: '/usr/bin:/bin',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** The port, once the function listens; rejects with what Deno wrote when it ends or dawdles instead. */
function listening(child: ChildProcess, log: Log): Promise<number> {
  return new Promise((settle, fail) => {
    const complaints: string[] = []
    let booted = false
    const failWith = (reason: string) => fail(new Error([reason, ...complaints].join('\n')))
    const timer = setTimeout(() => failWith('The function did not listen in time.'), PATIENCE_TO_BOOT_MS)
    readLines(child, {
      line(line) {
        if (line.type === 'log') return relay(line, log)
        clearTimeout(timer)
        if (line.type === 'idle') return failWith('The function ended without calling Deno.serve.')
        booted = true
        settle(line.port)
      },
      raw(level, text) {
        if (booted) log[level](text)
        else complaints.push(text)
      },
    })
    child.once('error', fail)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      failWith(`Deno ended with ${signal ?? `exit code ${code}`}.`)
    })
  })
}

type Receiver = { line(line: WorkerLine): void; raw(level: 'info' | 'error', text: string): void }

function readLines(child: ChildProcess, receiver: Receiver): void {
  createInterface({ input: child.stdout! }).on('line', (text) => {
    const [raw, ...lines] = text.split(LINE_MARK)
    if (raw) receiver.raw('info', raw)
    for (const line of lines) receiver.line(JSON.parse(line))
  })
  createInterface({ input: child.stderr! }).on('line', (text) => {
    if (text) receiver.raw('error', text)
  })
}

const LEVELS = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
} as const satisfies Record<ConsoleLevel, keyof Log>

/** A function that logs an object with a `message` has structured its log already. */
function relay(line: WorkerLine & { type: 'log' }, log: Log): void {
  const { message, ...fields } = structured(line.message)
  log[LEVELS[line.level]](message, { ...(line.request ? { request: line.request } : {}), ...fields })
}

function structured(text: string): { message: string } & Record<string, unknown> {
  if (!text.startsWith('{')) return { message: text }
  try {
    const value = JSON.parse(text)
    return typeof value.message === 'string' ? value : { message: text }
  } catch {
    return { message: text }
  }
}

function lifeOf(child: ChildProcess, exited: Promise<void>): Pick<Worker, 'hold' | 'drain'> {
  let held = 0
  let onFree: (() => void) | undefined
  const hold = () => {
    held++
    return () => {
      if (--held === 0) onFree?.()
    }
  }
  const drain = async (patienceMs: number) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    if (held > 0)
      await Promise.race([
        exited,
        new Promise<void>((free) => {
          onFree = free
        }),
      ])
    child.kill('SIGTERM')
    await exited
    clearTimeout(kill)
  }
  return { hold, drain }
}
