/**
 * One part, kept alive.
 *
 *   stopped ──start──▶ starting ──ready──▶ running ──exit──▶ waiting ──delay──▶ starting …
 *
 * The first start must succeed or the launch fails; later ones are tried for ever, slower each time up to five
 * seconds. `stop` wins over everything: after it no process of the part is started again.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync, renameSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { StackConfig } from '../config.ts'
import { partIsDown } from '../gateway/http/proxy.ts'
import { refuseSocket } from '../gateway/http/upgrade.ts'
import type { Log } from '../log.ts'
import { GO, type PartMessage, type PartName } from '../part.ts'
import { type SocketMessage, sendSocket } from '../sockets.ts'
import { logFile, tooLargeToAppend } from './data-folder.ts'

const DELAYS_MS = [100, 250, 500, 1_000, 2_000, 5_000]
const STEADY_AFTER_MS = 10_000
const PATIENCE_TO_STOP_MS = 8_000

export type Part = {
  readonly name: PartName
  readonly pid: number | undefined
  /** Loads its code, which takes longer than what it then does; may be left out. */
  load(): void
  start(): Promise<void>
  /** One that another part gives away. */
  take(message: SocketMessage, socket: Socket): void
  stop(): Promise<void>
}

/** Sockets go from one part to another through here. */
export function createParts(
  names: readonly PartName[],
  config: StackConfig,
  log: Log,
  onChange: () => void,
): Record<PartName, Part> {
  const carry = (message: SocketMessage, socket: Socket) => parts[message.to].take(message, socket)
  const parts = Object.fromEntries(
    names.map((name) => [name, createPart(name, config, log, onChange, carry)]),
  ) as Record<PartName, Part>
  return parts
}

type Carry = (message: SocketMessage, socket: Socket) => void

function createPart(name: PartName, config: StackConfig, log: Log, onChange: () => void, carry: Carry): Part {
  let child: ChildProcess | undefined
  let stopping = false
  let isReady = false
  let failures = 0
  let startedAt = 0
  let timer: NodeJS.Timeout | undefined

  const load = () => {
    if (stopping) throw new Error(`${name} is not started, because Baton is stopping.`)
    startedAt = Date.now()
    const loaded = forkPart(name, config)
    loaded.on('message', (message: PartMessage, socket?: Socket) => {
      if (message.type !== 'socket' || !socket) return
      socket.on('error', () => socket.destroy()) // who asked may be gone before it is carried
      carry(message, socket)
    })
    child = loaded
    onChange()
    return loaded
  }

  const start = async () => {
    const started = child && child.exitCode === null && child.signalCode === null ? child : load()
    const ready = becomesReady(name, started)
    started.send(GO, () => {})
    await ready
    isReady = true
    started.once('exit', onExit)
  }

  const onExit = (code: number | null, signal: string | null) => {
    isReady = false
    if (stopping) return
    failures = Date.now() - startedAt > STEADY_AFTER_MS ? 0 : failures
    const delayMs = DELAYS_MS[Math.min(failures++, DELAYS_MS.length - 1)]
    log.warn('part died, restarting it', { died: name, code, signal, delayMs })
    timer = setTimeout(restart, delayMs)
  }

  const restart = () => {
    if (stopping) return
    start().then(
      () => log.info('part restarted', { restarted: name, pid: child?.pid, ms: Date.now() - startedAt }),
      (error: unknown) => {
        log.error('part did not restart', { part: name, error })
        onExit(null, null)
      },
    )
  }

  return {
    name,
    get pid() {
      return child?.pid
    },
    load: () => void load(),
    start,
    take(message, socket) {
      if (child && isReady) sendSocket(child, message, socket)
      else refuseSocket(socket, partIsDown(name))
    },
    async stop() {
      stopping = true
      clearTimeout(timer)
      if (child) await stopChild(child)
    },
  }
}

/** A folder is named for what is in it, a part for what the others see of it. */
const FOLDERS: Partial<Record<PartName, string>> = { model: 'rehearsal' }

const isCompiled = import.meta.url.endsWith('.js')

function entryOf(name: PartName): string {
  const file = `../${FOLDERS[name] ?? name}/main.${isCompiled ? 'js' : 'ts'}`
  return fileURLToPath(new URL(file, import.meta.url))
}

function forkPart(name: PartName, config: StackConfig): ChildProcess {
  const path = logFile(config.dataDir, name)
  if (tooLargeToAppend(path)) renameSync(path, `${path}.1`)
  const output = openSync(path, 'a')
  try {
    return fork(entryOf(name), [], {
      cwd: config.rootDir,
      execArgv: isCompiled ? ['--enable-source-maps'] : ['--import', 'tsx', '--enable-source-maps'],
      env: { ...process.env, BATON_STACK: JSON.stringify(config) },
      stdio: ['ignore', output, output, 'ipc'],
      detached: process.platform !== 'win32', // Ctrl-C reaches the launcher alone, which stops the parts in order
    })
  } finally {
    closeSync(output)
  }
}

function becomesReady(name: PartName, child: ChildProcess): Promise<void> {
  return new Promise((settle, fail) => {
    const done = () => {
      child.off('message', onMessage).off('exit', onExit).off('error', onError)
    }
    const onMessage = (message: PartMessage) => {
      if (message.type === 'socket') return
      done()
      if (message.type === 'ready') settle()
      else child.once('exit', () => fail(new Error(message.message)))
    }
    const onExit = (code: number | null, signal: string | null) => {
      done()
      fail(
        new Error(
          `${name} ended before it was ready (${signal ?? `exit code ${code}`}); "npm run logs ${name}" says why.`,
        ),
      )
    }
    const onError = (error: Error) => {
      done()
      fail(error)
    }
    child.on('message', onMessage).on('exit', onExit).on('error', onError)
  })
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((settle) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), PATIENCE_TO_STOP_MS)
    child.once('exit', () => {
      clearTimeout(kill)
      settle()
    })
    child.kill('SIGTERM')
  })
}
