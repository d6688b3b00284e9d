/**
 * A data folder names its server in postmaster.pid. After a crash that server is gone, or it lives on without the
 * process that started it: then it is stopped before a new one starts. One that still has its starter is left alone.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../log.ts'

/** The server carries the process id of its starter in its name, and so on its command line. */
export const clusterName = (starter: number) => `baton-${starter}`

export async function stopLeftover(dataDir: string, log: Log): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const server = inspect(pid)
  if (!server?.command.includes(realpathSync(dataDir))) {
    if (server) disown(pidFile)
    return
  }
  if (isNamed(server.command, clusterName(server.parent))) {
    throw new Error(
      `The data folder ${dataDir} is in use by another Baton (Postgres is process ${pid}); stop that, or choose another folder with BATON_DATA.`,
    )
  }
  log.warn('stopping a Postgres that an earlier start left behind', { pid })
  await end(pid)
}

/** The whole name: that of process 1 is how the names of many others begin. */
function isNamed(command: string, name: string): boolean {
  return `${command} `.includes(`cluster_name=${name} `)
}

/**
 * The id belongs to another process by now, which Postgres would take for a running server. The rest of the file stays:
 * by it Postgres knows whether workers of the old server are still there.
 */
function disown(pidFile: string): void {
  const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n')
  writeFileSync(pidFile, [NOBODYS_PID, ...rest].join('\n'))
}

/** Larger than any system gives out. */
const NOBODYS_PID = 4_194_305

async function end(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal)
    for (let waited = 0; waited < 3_000; waited += 20) {
      if (!inspect(pid)) return
      await pause(20)
    }
  }
  throw new Error(`An earlier Postgres (process ${pid}) does not stop; end it by hand and start again.`)
}

type Described = { parent: number; command: string }

function inspect(pid: number): Described | null {
  return existsSync('/proc/self/stat') ? readProc(pid) : askPs(pid)
}

function readProc(pid: number): Described | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z') return null
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return { parent: Number(parent), command }
  } catch {
    return null
  }
}

function askPs(pid: number): Described | null {
  const { status, stdout } = spawnSync('ps', ['-ww', '-o', 'ppid=,args=', '-p', String(pid)], {
    encoding: 'utf8',
  })
  const [, parent, command = ''] = /^\s*(\d+)\s+(.*)$/s.exec(stdout ?? '') ?? []
  return status === 0 && parent ? { parent: Number(parent), command } : null
}
