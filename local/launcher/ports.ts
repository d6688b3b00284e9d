import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { LaunchError } from './launch-error.ts'

export async function requireFreePorts(ports: Record<string, number>): Promise<void> {
  for (const [what, port] of Object.entries(ports)) {
    const error = await tryListen(port)
    if (error === 'EADDRINUSE') throw new LaunchError(describeTakenPort(what, port))
    if (error === 'EACCES') {
      throw new LaunchError(
        `This user may not open port ${port} (for ${what}): choose a higher one with BATON_PORT=<n>.`,
      )
    }
    if (error) throw new LaunchError(`Port ${port} (for ${what}) cannot be opened: ${error}.`)
  }
}

function describeTakenPort(what: string, port: number): string {
  const holder = findHolder(port)
  const by = holder ? ` by ${holder.name} (pid ${holder.pid})` : ' by another program'
  return `Port ${port} (for ${what}) is in use${by}: stop it, or start Baton elsewhere with BATON_PORT=<n> (it takes n to n+4).`
}

function tryListen(port: number): Promise<string | null> {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => settle(null)))
  })
}

/** Held open together while they are picked, so that no two are the same. */
export async function pickFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer()
      return new Promise<typeof server>((settle, fail) => {
        server.once('error', fail)
        server.listen(0, '127.0.0.1', () => settle(server))
      })
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((settle) => server.close(settle))))
  return ports
}

type Holder = { pid: number; name: string }

export function findHolder(port: number): Holder | null {
  try {
    return process.platform === 'linux' ? findHolderInProc(port) : findHolderByLsof(port)
  } catch {
    return null
  }
}

function findHolderInProc(port: number): Holder | null {
  const inodes = new Set([
    ...listeningInodes('/proc/net/tcp', port),
    ...listeningInodes('/proc/net/tcp6', port),
  ])
  if (inodes.size === 0) return null
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (ownsSocket(pid, inodes)) return { pid: Number(pid), name: commandOf(pid) }
  }
  return null
}

const LISTEN = '0A'

function listeningInodes(file: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTEN)
    .map((columns) => columns[9] ?? '')
}

function ownsSocket(pid: string, inodes: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]
      return inode !== undefined && inodes.has(inode)
    })
  } catch {
    return false // another user's process, or gone by now
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function commandOf(pid: string): string {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean).join(' ')
  return command.length > 60 ? `${command.slice(0, 59)}…` : command
}

function findHolderByLsof(port: number): Holder | null {
  const lines = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    encoding: 'utf8',
  }).split('\n')
  const pid = lines.find((line) => line.startsWith('p'))?.slice(1)
  const name = lines.find((line) => line.startsWith('c'))?.slice(1)
  return pid && name ? { pid: Number(pid), name } : null
}
