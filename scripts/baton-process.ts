/** Drives Baton from outside, as a person at a terminal does. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootDir } from './root.ts'

export type Run = {
  readonly child: ChildProcess
  readonly output: string
  /** Settles when the text is printed; fails with all that was printed if the process ends first. */
  prints(text: string): Promise<void>
  readonly ended: Promise<{ code: number | null; signal: string | null }>
}

export type RunOptions = { cwd?: string; environment?: Record<string, string>; asNobody?: boolean }

export function runNpm(
  args: string[],
  { cwd = rootDir, environment = {}, asNobody = false }: RunOptions,
): Run {
  const drop = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
  const [command = '', ...rest] = [...(asNobody ? drop : []), 'npm', ...args]
  const child = spawn(command, rest, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const look of waiting) look()
    })
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((settle) =>
    child.once('close', (code, signal) => settle({ code, signal })),
  )
  const prints = (text: string) =>
    new Promise<void>((settle, fail) => {
      const look = () => {
        if (!output.includes(text)) return
        waiting.delete(look)
        settle()
      }
      waiting.add(look)
      look()
      void ended.then(() => fail(new Error(`It ended without printing "${text}":\n${output}`)))
    })
  return {
    child,
    get output() {
      return output
    },
    prints,
    ended,
  }
}

export type Place = {
  dataDir: string
  port: number
  environment: Record<string, string>
  [Symbol.dispose](): void
}

/** A data folder and five ports in a row of its own. */
export async function newPlace(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-'))
  const port = await fiveFreePorts()
  return {
    dataDir,
    port,
    environment: { BATON_DATA: dataDir, BATON_PORT: String(port) },
    [Symbol.dispose]: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

async function fiveFreePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const servers = await Promise.all([0, 1, 2, 3, 4].map((offset) => hold(first + offset)))
    await Promise.all(servers.map((server) => server && new Promise((settle) => server.close(settle))))
    if (servers.every(Boolean)) return first
  }
}

export function hold(port: number): Promise<Server | null> {
  const server = createServer()
  return new Promise((settle) => {
    server.once('error', () => settle(null))
    server.listen(port, '127.0.0.1', () => settle(server))
  })
}

export type Status = Record<
  'API_URL' | 'APP_URL' | 'PREVIEW_URL' | 'PUBLISHABLE_KEY' | 'SECRET_KEY' | 'DB_URL',
  string
> & {
  PIDS: Record<string, number>
}

export function readStatus(place: Place): { code: number | null; status: Status | null } {
  const result = spawnSync('npm', ['run', '--silent', 'status', '--', '--json'], {
    cwd: rootDir,
    encoding: 'utf8',
    env: { ...process.env, ...place.environment },
  })
  return { code: result.status, status: result.status === 0 ? (JSON.parse(result.stdout) as Status) : null }
}

/** Asks the launcher itself: npm passes a signal on, but does not wait for what it started. */
export async function stop(run: Run, place: Place, signal: NodeJS.Signals = 'SIGTERM') {
  const launcher = readStatus(place).status?.PIDS.launcher
  if (!launcher) throw new Error(`nothing runs in ${place.dataDir}:\n${run.output}`)
  process.kill(launcher, signal)
  return run.ended
}

/** Every process whose environment names this data folder: the parts, and whatever they started. */
export function processesOf(place: Place): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => `${readProc(pid, 'environ')}\0${readProc(pid, 'cmdline')}`.includes(place.dataDir))
    .map((pid) => `${pid} ${readProc(pid, 'cmdline').replaceAll('\0', ' ').trim()}`)
    .filter((line) => !/^\d+ *$/.test(line)) // already dead, not yet reaped
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${patienceMs} ms in vain: ${what}`)
    await new Promise((settle) => setTimeout(settle, 50))
  }
}
