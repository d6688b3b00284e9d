import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StackConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { type RunningApp, startApp } from './server.ts'

const root = mkdtempSync(join(tmpdir(), 'baton-app-'))
const SCRIPT = `console.log("${'baton '.repeat(100)}")`
let app: RunningApp

beforeAll(async () => {
  writeFileSync(join(root, 'package.json'), '{"version": "1.2.3"}')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  mkdirSync(join(root, 'dist/assets'), { recursive: true })
  writeFileSync(join(root, 'dist/.stamp'), 'stamp')
  writeFileSync(join(root, 'dist/index.html'), '<html><head></head><body>Baton</body></html>')
  writeFileSync(join(root, 'dist/assets/app-abc.js'), SCRIPT)
  writeFileSync(join(root, 'dist/icon.svg'), '<svg/>')
  app = await startApp({ config: configOf(root), log: createLog('app', () => {}) })
})

afterAll(async () => {
  await app.stop()
  rmSync(root, { recursive: true, force: true })
})

const configOf = (rootDir: string): StackConfig => ({
  rootDir,
  dataDir: rootDir,
  mode: 'start',
  ports: { api: 7001, app: 0, preview: 7003, database: 7004, model: 7005 },
  internal: { realtime: 0, functions: 0, smtp: 0, builder: 0 },
  keys: { publishable: 'sb_publishable_</script>', secret: 's', jwtSecret: 'j', databasePassword: 'p' },
  externalDatabaseUrl: null,
  model: { kind: 'rehearsal', baseUrl: '', apiKey: '' },
  agentSettings: {},
})

type Answer = { status: number; headers: Record<string, unknown>; body: Buffer }

/** Not `fetch`, which tidies paths and sets headers of its own. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: app.port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      )
    })
    sent.on('error', reject).end()
  })
}

const asPage = { accept: 'text/html,application/xhtml+xml' }

test('every address of the app is the page, with where the API is as data that cannot end its block', async () => {
  const { status, body } = await ask('/t/1/members?invite=true', asPage)
  const block = /<script type="application\/json" id="baton-config">(.*?)<\/script>/.exec(body.toString())
  expect(status).toBe(200)
  expect(JSON.parse(block?.[1] ?? '')).toEqual({
    apiUrl: 'http://127.0.0.1:7001',
    publishableKey: 'sb_publishable_</script>',
    previewUrl: 'http://preview.localhost:7003',
    version: '1.2.3',
  })
})

test('the page runs no script but its own files, speaks to the API alone, and shows previews alone', async () => {
  const { headers } = await ask('/', asPage)
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("connect-src 'self' http://127.0.0.1:7001 ws://127.0.0.1:7001;")
  expect(policy).toContain('frame-src http://*.preview.localhost:7003;')
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
})

test('a hashed file is kept for ever, the page and the icons are asked for again', async () => {
  const kept = async (path: string) => (await ask(path, asPage)).headers['cache-control']
  expect(await kept('/assets/app-abc.js')).toBe('public, max-age=31536000, immutable')
  expect(await kept('/')).toBe('no-cache')
  expect(await kept('/icon.svg')).toBe('no-cache')
})

test('a file is sent compressed to those who can read that, and only once', async () => {
  const first = await ask('/assets/app-abc.js', { 'accept-encoding': 'gzip, deflate, br' })
  expect(first.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
  })
  expect(brotliDecompressSync(first.body).toString()).toBe(SCRIPT)

  const etag = String(first.headers.etag)
  const again = await ask('/assets/app-abc.js', { 'accept-encoding': 'br', 'if-none-match': etag })
  expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) })
})

test('a refused encoding is not used', async () => {
  const { headers, body } = await ask('/assets/app-abc.js', { 'accept-encoding': 'br;q=0, gzip;q=0' })
  expect(headers['content-encoding']).toBeUndefined()
  expect(body.toString()).toBe(SCRIPT)
})

test('a script that is gone fails as a script', async () => {
  expect((await ask('/assets/app-old.js', asPage)).status).toBe(404)
  expect((await ask('/data.json', { accept: '*/*' })).status).toBe(404)
})

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '//secret.txt',
  '/.stamp',
])('%s leads to no file outside the build', async (path) => {
  const { status, body } = await ask(path)
  expect(status).toBe(404)
  expect(body.toString()).not.toBe('secret')
})

test('an address that cannot be read is refused', async () => {
  expect((await ask('/%ff')).status).toBe(400)
})

test('a name that is not of this machine is turned away', async () => {
  expect((await ask('/', { host: `evil.test:${app.port}` })).status).toBe(421)
  expect((await ask('/', { ...asPage, host: `localhost:${app.port}` })).status).toBe(200)
})

test('nothing can be written', async () => {
  expect((await ask('/', {}, 'POST')).status).toBe(405)
})

test('asking for the head alone sends no body', async () => {
  const { status, headers, body } = await ask('/', asPage, 'HEAD')
  expect(status).toBe(200)
  expect(Number(headers['content-length'])).toBeGreaterThan(0)
  expect(body.length).toBe(0)
})

test('it says that it is well', async () => {
  expect(await ask('/health')).toMatchObject({ status: 200, body: Buffer.from('{"ok":true}') })
})

test('how the API is can be asked here, also when it does not answer', async () => {
  const answer = await ask('/stack/health')
  expect(answer.status).toBe(502)
  expect(answer.body.toString()).toBe('The API does not answer.\n')
})
