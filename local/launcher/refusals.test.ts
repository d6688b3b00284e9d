import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hold, newPlace, type Place, type RunOptions, runNpm } from '../../scripts/baton-process.ts'
import { rootDir } from '../../scripts/root.ts'

let place: Place
beforeEach(async () => {
  place = await newPlace()
})
afterEach(() => place[Symbol.dispose]())

async function refusal(options: RunOptions = {}, ...args: string[]): Promise<string> {
  const environment = { ...place.environment, ...options.environment }
  const run = runNpm(['start', '--silent', '--', ...args], { ...options, environment })
  expect((await run.ended).code).toBe(1)
  const said = run.output.split('\n').filter((line) => line.startsWith('Baton could not start:'))
  expect(said, run.output).toHaveLength(1)
  return said[0] ?? ''
}

describe('what cannot start says why in one sentence', () => {
  test('a taken port names its holder', async () => {
    const server = await hold(place.port + 2)
    const sentence = await refusal()
    server?.close()
    expect(sentence).toContain(`Port ${place.port + 2} (for preview) is in use by `)
    expect(sentence).toContain(`(pid ${process.pid})`)
    expect(sentence).toContain('BATON_PORT=<n>')
  })

  test('a port that is none', async () => {
    expect(await refusal({ environment: { BATON_PORT: 'abc' } })).toContain('BATON_PORT is "abc"')
  })

  test('a data folder that is a file', async () => {
    writeFileSync(join(place.dataDir, 'file'), '')
    expect(await refusal({ environment: { BATON_DATA: join(place.dataDir, 'file') } })).toContain('is a file')
  })

  test('a data folder of another major version of Postgres', async () => {
    mkdirSync(join(place.dataDir, 'postgres'))
    writeFileSync(join(place.dataDir, 'postgres/PG_VERSION'), '16\n')
    const sentence = await refusal()
    expect(sentence).toContain('16')
    expect(sentence).toContain('17')
  })

  test('damaged keys', async () => {
    writeFileSync(join(place.dataDir, 'keys.json'), '{"publishable":')
    expect(await refusal()).toContain('keys.json is damaged')
  })

  test('--reset does not empty a folder that is not ours', async () => {
    writeFileSync(join(place.dataDir, 'thesis.txt'), 'years of work')
    rmSync(join(place.dataDir, 'logs'), { recursive: true, force: true })
    expect(await refusal({}, '--reset')).toContain('does not look like a data folder of Baton')
  })

  test.runIf(process.getuid?.() === 0)('a folder that this user may not write to', async () => {
    chmodSync(place.dataDir, 0o755)
    const environment = { HOME: place.dataDir, npm_config_cache: '/tmp/.npm-nobody' }
    expect(await refusal({ asNobody: true, environment })).toContain('cannot write to the data folder')
  })

  test.runIf(process.getuid?.() === 0)('a full disk', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'baton-disk-'))
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status === 0
    try {
      if (mounted) expect(await refusal({ environment: { BATON_DATA: disk } })).toMatch(/disk .* is full/)
    } finally {
      if (mounted) spawnSync('umount', [disk])
      rmSync(disk, { recursive: true, force: true })
    }
  })

  test('a Node that is too old is told so before anything else', () => {
    const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.20.0"})'
    const result = spawnSync(
      process.execPath,
      ['--import', pretend, 'scripts/bootstrap.mjs', 'local/launcher/main.ts'],
      {
        cwd: rootDir,
        encoding: 'utf8',
      },
    )
    expect(result.status).toBe(1)
    expect(result.stderr).toContain('needs Node 20.19 or newer, and this is Node 18.20.0')
  })
})
