import { spawnSync } from 'node:child_process'
import { chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  newPlace,
  type Place,
  processesOf,
  type Run,
  readStatus,
  runNpm,
  type Status,
  stop,
  until,
} from '../../scripts/baton-process.ts'
import { rootDir } from '../../scripts/root.ts'

const READY = 'Baton is ready'

async function start(
  place: Place,
  options: { asNobody?: boolean; environment?: Record<string, string> } = {},
): Promise<Run> {
  const run = runNpm(['start'], { ...options, environment: { ...place.environment, ...options.environment } })
  await run.prints(READY)
  return run
}

async function nothingIsLeftOf(place: Place): Promise<void> {
  await until(
    () => processesOf(place).length === 0,
    `processes of ${place.dataDir}: ${processesOf(place).join('; ')}`,
  )
}

const NOBODY = 65534

function nobodyCanRead(folder: string): boolean {
  const args = [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    'test',
    '-r',
    join(folder, 'package.json'),
  ]
  return spawnSync('setpriv', args).status === 0
}

const health = async (status: Status) =>
  (await fetch(`${status.API_URL}/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null))?.status

describe('a running Baton', () => {
  let place: Place
  let run: Run
  let status: Status
  beforeAll(async () => {
    place = await newPlace()
    run = await start(place)
    status = readStatus(place).status!
  })
  afterAll(async () => {
    await stop(run, place)
    place[Symbol.dispose]()
  })

  test('prints its addresses and the demo sign-ins', () => {
    for (const text of [
      status.APP_URL,
      status.API_URL,
      'owner@demo.test',
      'stranger@demo.test',
      'baton-demo',
    ]) {
      expect(run.output).toContain(text)
    }
  })

  test('tells where it is as one JSON object', () => {
    expect(status).toMatchObject({
      API_URL: `http://127.0.0.1:${place.port}`,
      APP_URL: `http://127.0.0.1:${place.port + 1}`,
      PREVIEW_URL: expect.stringContaining(`:${place.port + 2}`),
      DB_URL: expect.stringMatching(
        new RegExp(`^postgresql://postgres:.+@127.0.0.1:${place.port + 3}/postgres$`),
      ),
      MODEL_URL: `http://127.0.0.1:${place.port + 4}`,
      PUBLISHABLE_KEY: expect.stringMatching(/^sb_publishable_/),
      SECRET_KEY: expect.stringMatching(/^sb_secret_/),
    })
    expect(Object.keys(status.PIDS).sort()).toEqual(
      [
        'app',
        'builder',
        'functions',
        'gateway',
        'launcher',
        'model',
        'postgres',
        'preview',
        'realtime',
        'ticker',
      ].sort(),
    )
  })

  test('is healthy, serves the app, and lets the demo people in', async () => {
    expect(await health(status)).toBe(200)
    expect(await (await fetch(status.APP_URL)).text()).toContain('baton-config')
    const session = await fetch(`${status.API_URL}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: status.PUBLISHABLE_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'owner@demo.test', password: 'baton-demo' }),
    })
    expect(session.status).toBe(200)
  })

  test('refuses a second start with the same data folder, and says where the first is', async () => {
    const second = runNpm(['start'], { environment: place.environment })
    expect((await second.ended).code).toBe(1)
    expect(second.output).toContain(`Baton is already running with ${place.dataDir}`)
    expect(await health(status)).toBe(200)
  })

  test('runs beside another with other ports and data', async () => {
    using other = await newPlace()
    const second = await start(other)
    expect(await health(readStatus(other).status!)).toBe(200)
    expect(await health(status)).toBe(200)
    expect(await stop(second, other, 'SIGINT')).toEqual({ code: 0, signal: null })
    await nothingIsLeftOf(other)
    expect(readStatus(other).code).toBe(1)
    expect(await health(status)).toBe(200)
  })

  test.each(['realtime', 'functions', 'ticker', 'model', 'app', 'builder', 'preview', 'gateway', 'postgres'])(
    'brings %s back after a kill -9, and logs it',
    async (part) => {
      const before = readStatus(place).status!.PIDS[part]!
      process.kill(before, 'SIGKILL')
      await until(() => (readStatus(place).status?.PIDS[part] ?? before) !== before, `${part} has a new pid`)
      await until(async () => (await health(status)) === 200, `health after the death of ${part}`)
      const log = readFileSync(join(place.dataDir, 'logs/launcher.log'), 'utf8')
      expect(log).toContain(`"message":"part died, restarting it","died":"${part}"`)
    },
  )
})

describe('the end of a launcher', () => {
  test('a launcher killed with -9 leaves no process, and the next start finds the data', async () => {
    using place = await newPlace()
    const run = await start(place)
    const { PIDS } = readStatus(place).status!
    process.kill(PIDS.launcher!, 'SIGKILL')
    await nothingIsLeftOf(place)
    await run.ended
    expect(readStatus(place).code).toBe(1)

    const again = await start(place)
    expect(again.output).toContain('up to date')
    expect(await stop(again, place)).toEqual({ code: 0, signal: null })
    await nothingIsLeftOf(place)
  })

  test('a signal to npm stops everything', async () => {
    using place = await newPlace()
    const run = await start(place)
    run.child.kill('SIGTERM')
    await nothingIsLeftOf(place)
  })

  test('npm killed with -9 takes everything along', async () => {
    using place = await newPlace()
    const run = await start(place)
    run.child.kill('SIGKILL')
    await nothingIsLeftOf(place)
  })

  test.runIf(process.getuid?.() === 0 && nobodyCanRead(rootDir))(
    'an ordinary user starts it as well',
    async () => {
      using place = await newPlace()
      chownSync(place.dataDir, NOBODY, NOBODY)
      const run = await start(place, { asNobody: true, environment: { HOME: place.dataDir } })
      expect(await health(readStatus(place).status!)).toBe(200)
      expect(await stop(run, place)).toEqual({ code: 0, signal: null })
      await nothingIsLeftOf(place)
    },
  )

  test('--reset begins empty', async () => {
    using place = await newPlace()
    const first = await start(place)
    await stop(first, place)
    const keys = readFileSync(join(place.dataDir, 'keys.json'), 'utf8')
    writeFileSync(join(place.dataDir, 'mine.txt'), 'kept')
    const second = runNpm(['start', '--', '--reset'], { environment: place.environment })
    await second.prints(READY)
    expect(readFileSync(join(place.dataDir, 'keys.json'), 'utf8')).not.toBe(keys)
    expect(readFileSync(join(place.dataDir, 'mine.txt'), 'utf8')).toBe('kept')
    await stop(second, place)
  })
})
