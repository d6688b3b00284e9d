import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pickFreePorts } from '../launcher/ports.ts'
import { eventually } from '../testing/eventually.ts'
import { ROOT_DIR, silentLog } from '../testing/throwaway.ts'
import { type PostgresOptions, type RunningPostgres, startPostgres } from './server.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = 65534

let folder: string
let options: PostgresOptions
const running: RunningPostgres[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-server-'))
  const [port] = await pickFreePorts(1)
  options = {
    dataDir: join(folder, 'postgres'),
    port: port!,
    password: 'secret',
    log: silentLog,
    fsync: false,
  }
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

async function start(changes: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ ...options, ...changes })
  running.push(server)
  return server
}

async function query(statement: string, { port, password } = options): Promise<postgres.Row[]> {
  const sql = postgres({
    host: '127.0.0.1',
    port,
    user: 'supabase_admin',
    password,
    database: 'postgres',
    max: 1,
  })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

const refusal = (changes: Partial<PostgresOptions> = {}) =>
  start(changes).then(
    () => 'it started',
    (error: Error) => error.message,
  )

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}

describe('a server', () => {
  test('keeps its data from one start to the next, with the settings that the stack needs', async () => {
    const first = await start()
    await query('create table kept as select 1 as id')
    await first.stop()
    expect(isGone(first.pid)).toBe(true)
    await start()
    expect(await query('select id from kept')).toEqual([{ id: 1 }])
    expect(
      await query(`select current_setting('wal_level') as wal, current_setting('listen_addresses') as addresses,
        current_setting('unix_socket_directories') as sockets, current_setting('timezone') as timezone,
        current_setting('max_slot_wal_keep_size') <> '-1' as bounded, datcollate as collation, pg_encoding_to_char(encoding) as encoding
        from pg_database where datname = 'postgres'`),
    ).toEqual([
      {
        wal: 'logical',
        addresses: '127.0.0.1',
        sockets: '',
        timezone: 'UTC',
        bounded: true,
        collation: 'C',
        encoding: 'UTF8',
      },
    ])
  })

  test('lets nobody in without the password', async () => {
    await start()
    await expect(query('select 1', { ...options, password: 'wrong' })).rejects.toThrow(
      'password authentication failed',
    )
  })

  test('writes to disk what it commits, unless it is a test', async () => {
    await start({ fsync: true })
    expect(await query('show fsync')).toEqual([{ fsync: 'on' }])
    expect(await query('show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
  })

  test.runIf(isRoot)(
    'runs as an ordinary user under root, in a folder that this user may enter',
    async () => {
      chmodSync(folder, 0o755)
      const server = await start()
      expect(statSync(options.dataDir).uid).toBe(NOBODY)
      expect(capabilities(server.pid)).toBe(0n)
    },
  )

  test.runIf(isRoot)(
    'runs as an ordinary user under root, in a folder that is closed to this user',
    async () => {
      chmodSync(folder, 0o700)
      const server = await start()
      expect(userOf(server.pid)).toBe(NOBODY)
      expect(capabilities(server.pid)).toBe(4n)
      await query('create table written as select 1')
    },
  )

  test.runIf(isRoot)('runs as the owner of the data folder when that is not root', async () => {
    const owner = Number(spawnSync('id', ['-u', 'daemon'], { encoding: 'utf8' }).stdout)
    chownSync(folder, owner, owner)
    expect(userOf((await start()).pid)).toBe(owner)
  })

  test.runIf(isRoot)('starts for an ordinary user as well', async () => {
    chownSync(folder, NOBODY, NOBODY)
    const child = startInChild({ asNobody: true })
    expect(await child.pid).toBeGreaterThan(0)
    expect(await query('select 1 as one')).toEqual([{ one: 1 }])
    child.process.kill('SIGTERM')
    await once(child.process, 'exit')
  })
})

describe('after a crash', () => {
  test('a server does not outlive the process that started it', async () => {
    const child = startInChild()
    const pid = await child.pid
    child.process.kill('SIGKILL')
    await eventually(() => expect(isGone(pid)).toBe(true), 10)
    await start()
  })

  test('the next start waits for the workers of a server that was killed, and has what was committed', async () => {
    const first = await start()
    const session = postgres(`postgresql://supabase_admin:secret@127.0.0.1:${options.port}/postgres`, {
      max: 1,
    })
    const [worker] = await session`create table kept as select 1 as id; select pg_backend_pid() as pid`
      .simple()
      .then((results) => results.at(-1) as unknown as { pid: number }[])
    process.kill(worker!.pid, 'SIGSTOP')
    process.kill(first.pid, 'SIGKILL')
    await first.exited
    const wakeWorker = (message: string) => {
      if (message.includes('is still in use')) process.kill(worker!.pid, 'SIGCONT')
    }
    await start({ log: { ...silentLog, warn: wakeWorker } })
    await session.end({ timeout: 0 })
    expect(await query('select id from kept')).toEqual([{ id: 1 }])
  })

  test('a server that lost its starter is stopped before a new one starts', async () => {
    const first = await start()
    const orphan = spawnOrphan(first)
    await first.stop()
    const pid = await orphan()
    const second = await start()
    expect(isGone(pid)).toBe(true)
    expect(second.pid).not.toBe(pid)
  })

  test('a server whose starter lives is left alone', async () => {
    await start()
    const [port] = await pickFreePorts(1)
    expect(await refusal({ port: port! })).toMatch(/in use by another Baton/)
    expect(await query('select 1 as one')).toEqual([{ one: 1 }])
  })

  test('an old process id that somebody else has by now is no obstacle', async () => {
    await (await start()).stop()
    const user = statSync(options.dataDir)
    const other = spawn('sleep', ['60'], { uid: user.uid, gid: user.gid })
    writeFileSync(join(options.dataDir, 'postmaster.pid'), `${other.pid}\n${options.dataDir}\n0\n`)
    await start()
    expect(isGone(other.pid!)).toBe(false)
    other.kill()
  })

  test('a first start that was cut short leaves nothing in the way', async () => {
    mkdirSync(`${options.dataDir}.unfinished/base`, { recursive: true })
    writeFileSync(`${options.dataDir}.unfinished/PG_VERSION`, '17\n')
    await start()
    expect(existsSync(`${options.dataDir}.unfinished`)).toBe(false)
  })
})

describe('what cannot start says why in one sentence', () => {
  test('data of another Postgres', async () => {
    mkdirSync(options.dataDir)
    writeFileSync(join(options.dataDir, 'PG_VERSION'), '15\n')
    expect(await refusal()).toMatch(/made by Postgres 15 and Baton runs Postgres 17; .*BATON_DATA.*--reset/)
  })

  test('a folder with something else in it', async () => {
    mkdirSync(options.dataDir)
    writeFileSync(join(options.dataDir, 'letter.txt'), 'dear')
    expect(await refusal()).toMatch(/holds something other than a Postgres database/)
    expect(existsSync(join(options.dataDir, 'letter.txt'))).toBe(true)
  })

  test('a port that is taken', async () => {
    const other = createServer().listen(options.port, '127.0.0.1')
    await once(other, 'listening')
    expect(await refusal()).toMatch(new RegExp(`Port ${options.port} .* is taken`))
    other.close()
  })

  test.runIf(isRoot)('a folder that this user may not read', async () => {
    await (await start()).stop()
    chmodSync(folder, 0o755)
    chownSync(folder, 0, 0)
    spawnSync('chown', ['-R', 'daemon', options.dataDir])
    const child = startInChild({ asNobody: true })
    await expect(child.pid).rejects.toThrow(/may not read or write .*BATON_DATA/)
  })

  test.runIf(isRoot)('a full disk', async () => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', folder]).status === 0
    try {
      if (mounted) expect(await refusal()).toMatch(/disk that holds .* is full; .*BATON_DATA/)
    } finally {
      if (mounted) spawnSync('umount', [folder])
    }
  })

  test('damaged data', async () => {
    await (await start()).stop()
    writeFileSync(join(options.dataDir, 'global/pg_control'), 'no')
    expect(await refusal()).toMatch(/did not start from .*: .*; "npm start -- --reset"/)
  })
})

function statusOf(pid: number, field: string): string {
  return new RegExp(`^${field}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!
}
const userOf = (pid: number) => Number(statusOf(pid, 'Uid'))
const capabilities = (pid: number) => BigInt(`0x${statusOf(pid, 'CapEff')}`)

const CHILD = `
  import { startPostgres } from '${ROOT_DIR}local/postgres/server.ts'
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  try {
    const server = await startPostgres({ ...JSON.parse(process.env.OPTIONS), log })
    process.on('SIGTERM', () => server.stop().then(() => process.exit()))
    process.send({ pid: server.pid })
  } catch (error) {
    process.send({ error: error.message })
  }
`

function startInChild({ asNobody = false } = {}): { process: ChildProcess; pid: Promise<number> } {
  const script = join(folder, 'child.mts')
  writeFileSync(script, CHILD)
  const child = fork(script, [], {
    execArgv: ['--import', join(ROOT_DIR, 'node_modules/tsx/dist/loader.mjs')],
    env: { PATH: process.env.PATH, OPTIONS: JSON.stringify(options) },
    ...(asNobody ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  const pid = once(child, 'message').then(([message]: { pid?: number; error?: string }[]) => {
    if (message?.error) child.disconnect()
    if (!message?.pid) throw new Error(message?.error)
    return message.pid
  })
  return { process: child, pid }
}

/** Runs the same server again as a child of init, as a system without a death signal would leave it. */
function spawnOrphan(server: RunningPostgres): () => Promise<number> {
  const [program = '', ...args] = readFileSync(`/proc/${server.pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  const { uid, gid } = statSync(options.dataDir)
  const quoted = args.map((argument) => `'${argument}'`).join(' ')
  return async () => {
    const command = `'${program}' ${quoted} >/dev/null 2>&1 &`
    const drop = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups']
    const capability = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search']
    if (isRoot) spawnSync('setpriv', [...drop, ...capability, 'sh', '-c', command])
    else spawnSync('sh', ['-c', command])
    await eventually(() => query('select 1'))
    return Number(readFileSync(join(options.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  }
}
