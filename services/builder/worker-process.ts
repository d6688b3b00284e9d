/**
 * One process of the worker, started when there is work and ended when there was none for a while. It is confined: an
 * empty environment, no reading outside our own packages, no writing, no children, no network where the system can take
 * it away, and a limit of time and memory for each task, beyond which it is killed. It dies with its holder.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Answer, Request, Response, Task } from './worker/messages.ts'
import { findWorker } from './worker-code.ts'

export type WorkerLimits = {
  mode: 'development' | 'production'
  memoryMb: number
  idleMs: number
  mayRunTypeScript?: boolean
}
export type WorkerProcess = {
  readonly pid: number | undefined
  /** One task after the other. Rejects with `WorkerLost` when the process died or was killed over it. */
  run(task: Task, timeoutMs: number): Promise<Answer>
  stop(): void
}

export class WorkerLost extends Error {
  readonly reason: 'timeout' | 'memory' | 'died'
  constructor(reason: 'timeout' | 'memory' | 'died') {
    super(
      {
        timeout: 'The build took too long and was stopped.',
        memory: 'The build took too much memory and was stopped.',
        died: 'The process that builds ended unexpectedly.',
      }[reason],
    )
    this.reason = reason
  }
}

type UnderWay = { id: number; settle(answer: Answer): void; fail(error: Error): void; timer: NodeJS.Timeout }
const WATCH_MS = 200
/** A busy machine is no fault of a project: what counts is the work done, unless there is no end at all. */
const PATIENCE_WITH_THE_MACHINE = 4

export function createWorkerProcess(limits: WorkerLimits, onEnd: () => void): WorkerProcess {
  let child: ChildProcess | undefined
  let lastId = 0
  let idle: NodeJS.Timeout | undefined
  let underWay: UnderWay | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const start = () => {
    if (child) return child
    const started = startConfined(limits)
    child = started
    started.on('message', ({ id, answer }: Response) => {
      if (underWay?.id === id) end(({ settle }) => settle(answer))
    })
    const ended = () => lose(started, 'died')
    started.once('exit', ended).once('error', ended)
    rest()
    return started
  }

  const end = (tell: (task: UnderWay) => void) => {
    const task = underWay
    if (!task) return
    underWay = undefined
    clearTimeout(task.timer)
    rest()
    tell(task)
  }

  const lose = (lost: ChildProcess, reason: WorkerLost['reason']) => {
    if (child !== lost) return
    child = undefined
    clearTimeout(idle)
    kill(lost)
    onEnd()
    end(({ fail }) => fail(new WorkerLost(reason)))
  }

  const rest = () => {
    clearTimeout(idle)
    const resting = child
    if (!resting) return
    idle = setTimeout(() => lose(resting, 'died'), limits.idleMs)
    idle.unref()
  }

  const runNow = (task: Task, timeoutMs: number) => {
    const running = start()
    clearTimeout(idle)
    const id = ++lastId
    return new Promise<Answer>((settle, fail) => {
      const began = performance.now()
      const cpuBefore = cpuMs(running)
      const timer = setInterval(() => {
        const isLate = performance.now() - began > timeoutMs * PATIENCE_WITH_THE_MACHINE
        if (isLate || cpuMs(running) - cpuBefore > timeoutMs) lose(running, 'timeout')
        else if (residentMb(running) > limits.memoryMb) lose(running, 'memory')
      }, WATCH_MS)
      underWay = { id, settle, fail, timer }
      running.send({ id, task } satisfies Request, (error) => error && lose(running, 'died'))
    })
  }

  return {
    get pid() {
      return child?.pid
    },
    run(task, timeoutMs) {
      const ran = queue.then(() => runNow(task, timeoutMs))
      queue = ran.catch(() => {})
      return ran
    },
    stop() {
      if (child) lose(child, 'died')
    },
  }
}

function startConfined({ mode, memoryMb, mayRunTypeScript = false }: WorkerLimits): ChildProcess {
  const { entry, readable } = findWorker()
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const node = [
    process.execPath,
    '--no-warnings',
    `--max-old-space-size=${Math.round(memoryMb / 2)}`,
    permission,
    '--allow-addons',
    '--allow-worker',
    ...(mayRunTypeScript ? ['--allow-child-process'] : []),
    ...readable.map((folder) => `--allow-fs-read=${folder}`),
    entry,
  ]
  const [command = '', ...commandArguments] = [...cage(), ...node]
  return spawn(command, commandArguments, {
    env: { NODE_ENV: mode },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    detached: process.platform !== 'win32',
  })
}

let found: string[] | undefined
/** What the system offers to take the network away, and to end the process with its parent; nothing where it does not. */
function cage(): string[] {
  found ??= [
    ['setpriv', '--pdeathsig', 'KILL', '--'],
    ['unshare', '--net', '--'],
  ].flatMap((command) => {
    const [name = '', ...rest] = command
    return spawnSync(name, [...rest, 'true'], { stdio: 'ignore' }).status === 0 ? command : []
  })
  return found
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL') // no group of its own here
  }
}

/** With the compiler of types, which is a process of its own. */
const sumOf = ({ pid }: ChildProcess, measure: (pid: number) => number): number =>
  pid === undefined ? 0 : [pid, ...childrenOf(pid)].reduce((sum, one) => sum + measure(one), 0)

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // no such thing as /proc here
  }
}

const residentMb = (child: ChildProcess): number => sumOf(child, residentMbOf)

function residentMbOf(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096) / 2 ** 20
  } catch {
    return 0 // no such thing as /proc here; the limit of the heap remains
  }
}

const TICK_MS = 10
const cpuMs = (child: ChildProcess): number => sumOf(child, cpuMsOf)

function cpuMsOf(pid: number): number {
  try {
    const after = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(after[11]) + Number(after[12])) * TICK_MS
  } catch {
    return 0 // no such thing as /proc here; the clock remains
  }
}
