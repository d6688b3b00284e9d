import { readdir, writeFile } from 'node:fs/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEdgePreview } from '../../services/preview/edge.ts'
import { apiUrl } from '../config.ts'
import { eventually } from '../testing/eventually.ts'
import { type Previewing, startPreviewing } from './testing/previewing.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

const HTML = `<!doctype html><html><head><title>App</title><script>window.inline = 1</script></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>`
const MAIN = `import { createRoot } from 'react-dom/client'
import App from './App'
createRoot(document.getElementById('root')!).render(<App />)`
const app = (title: string) => `export default function App() { return <h1>${title}</h1> }`
const BIG = 'baton '.repeat(1_000)

let world: Previewing
let project: string
let name: string
let live: string

beforeAll(async () => {
  world = await startPreviewing({ appOrigins: ['http://127.0.0.1:1'] })
  project = await world.project()
  const files = {
    'index.html': HTML,
    'src/main.tsx': MAIN,
    'src/App.tsx': app('One'),
    'public/big.txt': BIG,
    'public/data.json': '{"a":1}',
  }
  await world.write(project, files, true)
  await world.deployed(project)
  name = await world.nameOf(project)
  live = await world.nameOf(project, 'production')
})
afterAll(() => world?.[Symbol.asyncDispose]())

const asPage = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-dest': 'document' }
const NOBODY = 'http://127.0.0.1:1'
const vendorFile = async () => /\/@v\/[0-9a-f]{64}\.js/.exec((await world.ask(name, '/', asPage)).text)![0]
const appModule = async () =>
  /\/@m\/[0-9a-f]+\/src\/App\.tsx/.exec((await world.ask(name, '/', asPage)).text)![0]

test('the address of a project shows its newest preview, with our client before everything of its own', async () => {
  const { status, text, headers } = await world.ask(name, '/', asPage)
  expect(status).toBe(200)
  expect(text).toMatch(
    /^<!doctype html><script type="application\/json" id="baton-preview">\{[^<]*\}<\/script><script src="\/__baton\/client-[0-9a-f]{16}\.js"><\/script><html>/,
  )
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(headers['cache-control']).toBe('no-cache')
  expect(headers['set-cookie']).toBeUndefined()
  const client = /\/__baton\/client-[0-9a-f]+\.js/.exec(text)![0]
  expect(await world.ask(name, client)).toMatchObject({
    status: 200,
    headers: { 'cache-control': 'public, max-age=31536000, immutable' },
  })
})

test('every path that a browser opens is the page, and a file that is gone fails as one', async () => {
  expect((await world.ask(name, '/people/7', asPage)).text).toContain('<div id="root">')
  expect((await world.ask(name, '/people/john.doe', asPage)).text).toContain('<div id="root">')
  expect((await world.ask(name, '/people/7', { accept: '*/*' })).status).toBe(200)
  const script = { accept: '*/*', 'sec-fetch-dest': 'script' }
  expect(await world.ask(name, '/people/7', script)).toMatchObject({ status: 404 })
  expect(await world.ask(name, '/assets/gone-abc.js', asPage)).toMatchObject({ status: 404 })
  expect((await world.ask(name, '/gone.js', { accept: '*/*' })).text).toBe(
    'There is no such file. Nothing in this app has that name.\n',
  )
})

test('hashed files are kept for ever, others are asked for again and known by their tag', async () => {
  const kept = await world.ask(name, await appModule())
  expect(kept.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  const first = await world.ask(name, '/data.json')
  expect(first.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache',
  })
  const etag = first.headers.etag!
  for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    expect(await world.ask(name, '/data.json', { 'if-none-match': condition })).toMatchObject({
      status: 304,
      text: '',
    })
  }
  expect((await world.ask(name, '/data.json', { 'if-none-match': '"other"' })).status).toBe(200)
})

test('texts are compressed for those who can read that', async () => {
  const br = await world.ask(name, '/big.txt', { 'accept-encoding': 'gzip, deflate, br' })
  expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' })
  expect(brotliDecompressSync(br.body).toString()).toBe(BIG)
  const gzip = await world.ask(name, '/big.txt', { 'accept-encoding': 'gzip, br;q=0' })
  expect(gunzipSync(gzip.body).toString()).toBe(BIG)
  const plain = await world.ask(name, '/big.txt')
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(plain.text).toBe(BIG)
  expect(new Set([br, gzip, plain].map(({ headers }) => headers.etag)).size).toBe(3)
})

test.for([
  ['bytes=0-4', 206, 'bytes 0-4/6000', 'baton'],
  ['bytes=5990-', 206, 'bytes 5990-5999/6000', 'ton baton '],
  ['bytes=-6', 206, 'bytes 5994-5999/6000', 'baton '],
  ['bytes=5998-9999', 206, 'bytes 5998-5999/6000', 'n '],
  ['bytes=6000-', 416, 'bytes */6000', ''],
  ['bytes=-0', 416, 'bytes */6000', ''],
  ['bytes=4-2', 200, undefined, BIG],
  ['bytes=0-1,3-4', 200, undefined, BIG],
  ['lines=0-1', 200, undefined, BIG],
] as const)('%s of a file is answered with %i', async ([range, status, contentRange, text]) => {
  const answer = await world.ask(name, '/big.txt', { range, 'accept-encoding': 'br' })
  expect([answer.status, answer.headers['content-range'], answer.headers['content-encoding']]).toEqual([
    status,
    contentRange,
    undefined,
  ])
  expect(answer.text).toBe(text)
})

test('a range of something that changed since is the whole', async () => {
  const { headers } = await world.ask(name, '/big.txt')
  const ask = (tag: string) => world.ask(name, '/big.txt', { range: 'bytes=0-4', 'if-range': tag })
  expect((await ask(headers.etag!)).status).toBe(206)
  expect((await ask('"other"')).status).toBe(200)
})

test('HEAD tells what GET would send', async () => {
  for (const path of ['/', '/big.txt', '/nowhere.txt']) {
    const [head, get] = [await world.ask(name, path, {}, 'HEAD'), await world.ask(name, path)]
    expect(head.text).toBe('')
    expect([head.status, head.headers['content-type'], head.headers.etag]).toEqual([
      get.status,
      get.headers['content-type'],
      get.headers.etag,
    ])
  }
})

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
  '%s is refused',
  async (method) => {
    expect(await world.ask(name, '/', {}, method)).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    })
  },
)

test('what a browser is told of previews and of what is published', async () => {
  const { headers } = await world.ask(name, '/', asPage)
  const policy = headers['content-security-policy']!
  expect(policy).toContain("default-src 'none'")
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval' ('sha256-[^']+' ?)+;/)
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
  expect(policy).toContain("object-src 'none'")
  expect(policy).toMatch(/frame-ancestors http:\/\/127\.0\.0\.1:1$/)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
  })
  expect(headers['permissions-policy']).toContain('camera=()')
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

test('what was published is served without anything of ours, and taking it back shows at once', async () => {
  expect(await world.ask(live, '/', asPage)).toMatchObject({ status: 404 })
  await world.publish(project)
  await world.deployed(project, 'production')
  const first = await eventually(async () => {
    const answer = await world.ask(live, '/', asPage)
    expect(answer.status).toBe(200)
    return answer
  })
  expect(first.text).not.toContain('baton')
  expect((await world.ask(live, '/__baton/updates')).status).toBe(404)
  const [deployment] =
    await world.sql`select deployment_id from public.hosts where project_id = ${project} and kind = 'production'`
  const script = /\/assets\/index-[^"]+\.js/.exec(first.text)![0]

  await world.write(project, { 'src/App.tsx': app('Two') })
  await world.publish(project)
  await world.deployed(project, 'production')
  await eventually(async () => expect((await world.ask(live, '/', asPage)).text).not.toContain(script))
  // A page that was opened before the change still finds what it loads later.
  expect(await world.ask(live, script)).toMatchObject({ status: 200 })

  const began = performance.now()
  await world.as((sql) => sql`select public.rollback(${project}, ${deployment!.deployment_id})`)
  await eventually(async () => expect((await world.ask(live, '/', asPage)).text).toBe(first.text), 2)
  expect(performance.now() - began).toBeLessThan(1_000)

  await world.as((sql) => sql`select public.unpublish(${project})`)
  await eventually(async () => expect((await world.ask(live, '/', asPage)).status).toBe(404), 2)
})

test('a private preview opens with its key in the name alone, and says to who has an old one that it is private', async () => {
  await world.as((sql) => sql`select public.set_preview_visibility(${project}, 'private')`)
  await eventually(async () => expect((await world.ask(name, '/', asPage)).status).toBe(403))
  const { slug, key } = await world.hostOf(project)
  const withKey = (given: string) => name.replace(slug, `${slug}--${given}`)
  expect((await world.ask(withKey(key!), '/', asPage)).headers['cache-control']).toContain('private')
  for (const wrong of ['', 'a', `${key}a`, key!.slice(1)]) {
    expect((await world.ask(withKey(wrong), '/big.txt')).status).not.toBe(200)
  }
  expect((await world.ask(name, `/?key=${key}`, { cookie: `key=${key}` })).status).toBe(403)

  await world.as((sql) => sql`select public.reset_preview_link(${project})`)
  await eventually(async () => expect((await world.ask(withKey(key!), '/', asPage)).status).toBe(403))
  expect((await world.ask(withKey(key!), '/', asPage)).text).toContain('may have been withdrawn')
  await world.as((sql) => sql`select public.set_preview_visibility(${project}, 'link')`)
  await eventually(async () => expect((await world.ask(name, '/', asPage)).status).toBe(200))
})

test('while Storage is away, what was read before is served, and what was not says so and comes back', async () => {
  const vendor = await vendorFile()
  const { text } = await world.ask(name, vendor)
  await world.restart({ apiUrl: NOBODY })
  expect((await world.ask(name, vendor)).text).toBe(text)

  const cacheDir = `${world.config.dataDir}/empty-cache`
  await world.restart({ apiUrl: NOBODY, cacheDir })
  const away = await world.ask(name, vendor, asPage)
  expect(away).toMatchObject({
    status: 503,
    headers: { refresh: '2', 'retry-after': '2', 'cache-control': 'no-store' },
  })
  expect(away.text).toContain('tries again by itself')

  await world.restart({ cacheDir })
  expect((await world.ask(name, vendor)).text).toBe(text)
})

test('a damaged file in the cache is not served', async () => {
  const cacheDir = `${world.config.dataDir}/damaged-cache`
  const vendor = await vendorFile()
  await world.restart({ cacheDir })
  const { text } = await world.ask(name, vendor)
  const files = () => readdir(`${cacheDir}/vendor`).catch(() => [])
  await eventually(async () => expect(await files()).toHaveLength(1))
  await writeFile(`${cacheDir}/vendor/${(await files())[0]}`, 'something else')
  await world.restart({ cacheDir })
  expect((await world.ask(name, vendor)).text).toBe(text)
})

test('an app that nobody has built yet says so, and one that nobody made is not there', async () => {
  const empty = await world.project()
  await world.sql`update public.hosts set deployment_id = null where project_id = ${empty}`
  const { slug } = await world.hostOf(empty)
  expect(await world.ask(name.replace(/^[^.]+/, slug), '/', asPage)).toMatchObject({ status: 503 })
  expect((await world.ask(name.replace(/^[^.]+/, 'nobody-00000000'), '/', asPage)).text).toContain(
    'There is no app',
  )
})

test('the same handler serves without a disk, a connection and Node’s server, and sees changes within a second or so', async () => {
  const edge = createEdgePreview({
    apiUrl: apiUrl(world.config),
    secretKey: world.config.keys.secret,
    domains: { preview: 'preview.example.com', apps: 'apps.example.com', customDomains: false },
    appOrigins: ['https://baton.example.com'],
    client: { code: '', hash: '0'.repeat(64) },
    report: () => {},
  })
  const { slug } = await world.hostOf(project)
  const ask = (path: string, headers = {}) =>
    edge.fetch(new Request(`https://${slug}.preview.example.com${path}`, { headers }))
  const shown = await (await ask('/', asPage)).text()
  expect(shown).toContain('<div id="root">')
  const big = await ask('/big.txt', { 'accept-encoding': 'gzip, br' })
  expect(big.headers.get('content-encoding')).toBe('gzip')
  const module = /\/@m\/[0-9a-f]+\/src\/App\.tsx/.exec(shown)![0]

  await world.write(project, { 'src/App.tsx': app('Edge') })
  await world.deployed(project)
  await eventually(async () => expect(await (await ask('/', asPage)).text()).not.toContain(module))
  expect((await ask(module)).status).toBe(200)
  edge.close()
})

test('a domain shows what is published once its owner has shown that it is theirs', async () => {
  const records = new Map<string, string>()
  const resolveTxt = async (wanted: string) => {
    const value = records.get(wanted)
    if (!value) throw Object.assign(new Error(), { code: 'ENOTFOUND' })
    return [[value]]
  }
  await world.restart({ resolveTxt })
  await world.publish(project)
  await world.deployed(project, 'production')
  const domain = 'shop.baton-customer.org'
  await world.as((sql) => sql`select public.set_domain(${project}, ${domain})`)
  const stateOf = async () => (await world.sql`select * from public.domains where domain = ${domain}`)[0]!
  const verify = () => world.as((sql) => sql`select public.verify_domain(${project}, ${domain})`)
  await verify()
  await eventually(async () => expect((await stateOf()).state).toBe('failed'))
  expect((await stateOf()).problem).toContain('no TXT record')
  expect((await world.ask(domain, '/', asPage)).status).toBe(404)

  const [record] =
    await world.sql`select baton.domain_json(d) as json from public.domains d where domain = ${domain}`
  records.set(record!.json.record_name, record!.json.record_value)
  await verify()
  await eventually(async () => expect((await world.ask(domain, '/', asPage)).status).toBe(200))
})
