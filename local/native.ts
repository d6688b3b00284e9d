/**
 * Programs that are not Node (Postgres, Deno) and that must not outlive the Node process that started them, even when
 * it is killed with -9. On Linux `setpriv` asks the kernel for that and changes the user; elsewhere Node changes
 * the user, and what is left behind after a kill is found and stopped at the next start.
 */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'

export type Capability = 'dac_read_search' | 'dac_override'

export type NativeOptions = {
  uid?: number | undefined
  gid?: number | undefined
  /** What an unprivileged user may do all the same, to pass folders that are closed to it. */
  capability?: Capability | undefined
  cwd?: string
  env?: NodeJS.ProcessEnv
  stdio?: StdioOptions
  /** Sent by the kernel when our process is gone. */
  deathSignal?: 'SIGKILL' | 'SIGQUIT' | 'SIGTERM'
}

export function spawnNative(command: string, args: string[], options: NativeOptions = {}): ChildProcess {
  const { uid, gid, capability, deathSignal = 'SIGKILL', ...rest } = options
  if (!hasSetpriv()) return spawn(command, args, { ...rest, ...identity(uid, gid) })
  const privileges = [`--pdeathsig=${deathSignal.slice(3)}`, ...setprivArguments(uid, gid, capability)]
  return spawn('setpriv', [...privileges, '--', command, ...args], rest)
}

/** Runs a short command to its end as that user; the exit code, or null when it could not run. */
export function runNative(command: string, args: string[], options: NativeOptions = {}): number | null {
  const { uid, gid, capability, cwd, env } = options
  if (!hasSetpriv()) return spawnSync(command, args, { cwd, env, ...identity(uid, gid) }).status
  const privileges = setprivArguments(uid, gid, capability)
  return spawnSync('setpriv', [...privileges, '--', command, ...args], { cwd, env }).status
}

/** Asks the child to stop, insists after a while, and resolves when it is gone. */
export async function stopNative(
  child: ChildProcess,
  options: { signal?: NodeJS.Signals; lastSignal?: NodeJS.Signals; graceMs?: number } = {},
): Promise<void> {
  const { signal = 'SIGTERM', lastSignal = 'SIGKILL', graceMs = 5_000 } = options
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  const insist = setTimeout(() => child.kill(lastSignal), graceMs)
  await gone
  clearTimeout(insist)
}

let setprivWorks: boolean | undefined

export function hasSetpriv(): boolean {
  setprivWorks ??=
    process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig=KILL', 'true']).status === 0
  return setprivWorks
}

function identity(uid: number | undefined, gid: number | undefined) {
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) }
}

function setprivArguments(
  uid: number | undefined,
  gid: number | undefined,
  capability: Capability | undefined,
): string[] {
  return [
    ...(uid === undefined ? [] : [`--reuid=${uid}`]),
    ...(gid === undefined ? [] : [`--regid=${gid}`, '--clear-groups']),
    ...(capability ? [`--inh-caps=+${capability}`, `--ambient-caps=+${capability}`] : []),
  ]
}
