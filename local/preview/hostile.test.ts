/** What strangers try: on the host, with requests that no browser sends, and in a browser, with an app that is malicious. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { type AppOrigin, launchBrowser, openPane, startAppOrigin } from './testing/pane.ts'
import { type Previewing, startPreviewing } from './testing/previewing.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

/** Public files are given to the browser as they are: a script in one runs without the builder having a say. */
const page = (script: string) => ({
  'index.html': `<!doctype html><html><head><title>Stranger</title><script defer src="/stranger.js"></script></head>
<body><div id="root">Stranger</div></body></html>`,
  'public/stranger.js': script,
})

let world: Previewing
let app: AppOrigin
let browser: Browser
let project: string
let name: string

beforeAll(async () => {
  app = await startAppOrigin()
  ;[world, browser] = await Promise.all([startPreviewing({ appOrigins: [app.origin] }), launchBrowser()])
  project = await deploy('window.answer = 42')
  name = await world.nameOf(project)
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await world?.[Symbol.asyncDispose]()
})

async function deploy(script: string): Promise<string> {
  const made = await world.project()
  await world.write(made, page(script), true)
  await world.deployed(made)
  return made
}

const asPage = { accept: 'text/html', 'sec-fetch-dest': 'document' }

describe('no file of the host is ever readable', () => {
  const SECRETS = /root:x:0|"private": true|BATON|\/bin\/bash|PATH=/

  test.each([
    '/@fs/etc/passwd',
    '/@fs/etc/passwd?raw??',
    '/@fs/etc/passwd?import&raw??',
    '/@fs/etc/passwd?.svg?.wasm?init',
    '/@fs/x/x/x/vite/../../../../../../../etc/passwd?import&?raw',
    '/@fs/etc/passwd?raw',
    '/@fs//etc/passwd',
    '/@fs/%2e%2e/%2e%2e/etc/passwd',
    '/@id/__x00__/etc/passwd',
    '/@id/%00/etc/passwd?raw',
    '/etc/passwd?raw??',
    '/etc/passwd?import&inline=1.wasm?init',
    '/etc/passwd?url&inline',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/..%252f..%252fetc%252fpasswd',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/../../../etc/passwd',
    '/..\\..\\..\\etc\\passwd',
    '/%5c..%5c..%5cetc%5cpasswd',
    '//etc/passwd',
    '///etc/passwd',
    '/./../etc/passwd',
    '/index.html/../../../../etc/passwd',
    '/index.html%00.js',
    '/stranger.js%00',
    '/package.json',
    '/.env',
    '/.git/config',
    '/node_modules/vite/package.json',
    '/@vite/client',
    '/__vite_ping',
    '/__open-in-editor?file=/etc/passwd',
    '/__baton/../../../etc/passwd',
    '/__baton/client-../../main.ts',
    '/@v/../../../etc/passwd.js',
    '/@m/../../etc/passwd',
    '/constructor',
    '/__proto__',
    '/toString',
    '/#/../etc/passwd',
    '/%',
    '/%ff%fe',
    `/${'a'.repeat(5_000)}`,
  ])('%s', async (path) => {
    const { status, text, headers } = await world.ask(name, path, {
      accept: '*/*',
      'sec-fetch-dest': 'script',
    })
    expect([400, 404]).toContain(status)
    expect(text).not.toMatch(SECRETS)
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('nor as a page, a map of frames or a former file', async () => {
    for (const path of ['/@fs/etc/passwd', '/@id/x', '/..%2fetc%2fpasswd']) {
      expect((await world.ask(name, path, asPage)).status).toBe(400)
    }
    const frames = [{ function: '', url: `http://${name}/@m/../../../etc/passwd`, line: 1, column: 1 }]
    const { text } = await world.ask(name, '/__baton/frames', {}, 'POST', JSON.stringify({ frames }))
    expect(JSON.parse(text).frames).toMatchObject([{ mapped: false }])
  })
})

describe('a name that lies', () => {
  const port = () => world.port()

  test.for([
    ['evil.example', 404],
    ['evil.example:80', 404],
    ['127.0.0.1', 404],
    ['preview.localhost', 404],
    ['slug.preview.localhost', 404],
    ['slug.preview.localhost:1', 421],
    ['a.b.preview.localhost:PORT', 421],
    ['.preview.localhost:PORT', 421],
    ['-.preview.localhost:PORT', 421],
    ['slug.preview.localhost:PORT.evil.example', 400],
    ['slug.preview.localhost:PORT@evil.example', 400],
    ['evil.example/slug.preview.localhost:PORT', 400],
    ['slug preview.localhost:PORT', 400],
    ['slug_x.preview.localhost:PORT', 400],
    [`${'a'.repeat(64)}.preview.localhost:PORT`, 421],
    ['%73lug.preview.localhost:PORT', 400],
    ['', 400],
  ] as const)('%s shows nobody an app', async ([given, status]) => {
    const { slug } = await world.hostOf(project)
    const host = given.replace('PORT', String(port())).replace('slug', slug)
    const answer = await world.ask(host, '/stranger.js')
    expect(answer.text).not.toContain('42')
    expect(answer.status).toBe(status)
  })

  test('a name in other letters is the same name', async () => {
    expect((await world.ask(name.toUpperCase(), '/stranger.js')).status).toBe(200)
  })

  test('what proxies write is not believed', async () => {
    const { slug } = await world.hostOf(await deploy('window.answer = 43'))
    const other = name.replace(/^[^.]+/, slug)
    const lies = {
      'x-forwarded-host': other,
      forwarded: `host=${other}`,
      'x-original-url': '/other',
      'x-host': other,
    }
    expect((await world.ask(name, '/stranger.js', lies)).text).toContain('42')
  })

  test.each([
    ['two names', (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: other.example\r\n\r\n`],
    ['no name', () => 'GET / HTTP/1.1\r\n\r\n'],
    [
      'a whole address of another',
      (host: string) => `GET http://other.example/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ],
    ['a broken target', (host: string) => `GET @other.example/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['a folded header', (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\n evil: 1\r\n\r\n`],
    [
      'both lengths',
      (host: string) =>
        `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
  ])('%s is a bad request', async (_what, text) => {
    expect(await sayRaw(text(name))).toMatch(/^HTTP\/1\.1 400 /)
  })
})

test('there is no socket to hijack, and updates are for the page itself', async () => {
  const upgrade = `GET /__baton/updates HTTP/1.1\r\nHost: ${name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://evil.example\r\n\r\n`
  expect(await sayRaw(upgrade)).toMatch(/^HTTP\/1\.1 400 /)
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.example' },
  ]) {
    expect((await world.ask(name, '/__baton/updates?from=x', headers)).status).toBe(404)
    expect((await world.ask(name, '/__baton/frames', headers, 'POST', '{"frames":[]}')).status).toBe(404)
  }
})

test('a question that is too long or no question is refused', async () => {
  for (const body of ['', 'null', '{"frames":7}', `{"frames":["${'x'.repeat(70_000)}"]}`]) {
    expect((await world.ask(name, '/__baton/frames', {}, 'POST', body)).status).toBe(400)
  }
})

test('no script becomes a service worker', async () => {
  expect(await world.ask(name, '/stranger.js', { 'service-worker': 'script' })).toMatchObject({ status: 403 })
})

/** What a malicious app found out, and what the page around it saw. */
async function attack(script: string, address?: string) {
  const made = await deploy(`(async () => {
    const tries = {}
    const attempt = async (name, work) => {
      try { tries[name] = String(await Promise.race([work(), new Promise((_, fail) => setTimeout(() => fail(new Error('slow')), 5000))])) } catch (error) { tries[name] = 'denied: ' + error.name }
    }
    ${script}
    window.tries = tries
  })()`)
  const pane = await openPane(browser, app.origin, address ?? `http://${await world.nameOf(made)}/`)
  const frame = () => pane.page.frames()[1]!
  await frame().waitForFunction(() => 'tries' in window)
  const tries = await frame().evaluate(() => (window as unknown as { tries: Record<string, string> }).tries)
  return { pane, tries, frame }
}

describe('an app that is malicious', () => {
  test('reads nothing of the page around it, and leads it nowhere', async () => {
    const { pane, tries } = await attack(`
      await attempt('storage', () => parent.localStorage.getItem('sb-session'))
      await attempt('cookie', () => parent.document.cookie)
      await attempt('document', () => top.document.body.innerHTML)
      await attempt('frame', () => frameElement.id)
      await attempt('own cookie', () => document.cookie)
      await attempt('navigate', () => { top.location.href = 'http://127.0.0.1:1/taken' })
      await attempt('navigate by link', () => {
        const link = document.createElement('a'); link.href = 'http://127.0.0.1:1/taken'; link.target = '_top'
        document.body.append(link); link.click()
      })
      await attempt('write', () => top.document.write('taken'))
    `)
    expect(tries).toMatchObject({ storage: 'denied: SecurityError', cookie: 'denied: SecurityError' })
    for (const attempt of ['document', 'frame', 'write']) expect(tries[attempt]).toMatch(/^denied/)
    expect(tries['own cookie']).toBe('')
    expect(pane.page.url()).toBe(`${app.origin}/`)
    expect(await pane.page.title()).toBe('App')
  })

  test('registers no service worker, and runs no script that is not of its deployment', async () => {
    const { tries } = await attack(`
      await attempt('service worker', () => navigator.serviceWorker.register('/stranger.js'))
      await attempt('inline', () => {
        const script = document.createElement('script'); script.textContent = 'window.ran = 1'
        document.body.append(script); return window.ran
      })
      await attempt('eval', () => (0, eval)('1 + 1'))
      await attempt('elsewhere', () => new Promise((done, fail) => {
        const script = document.createElement('script'); script.src = 'https://evil.example/x.js'
        script.onerror = () => fail(new Error()); script.onload = done; document.body.append(script)
      }))
    `)
    expect(tries.inline).toBe('undefined')
    for (const attempt of ['service worker', 'eval', 'elsewhere']) expect(tries[attempt]).toMatch(/^denied/)
  })

  test('calls the API with no rights of the viewer, or not at all', async () => {
    const asked: string[] = []
    const api = createServer((request, response) => {
      asked.push(JSON.stringify(request.headers))
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end('rows')
    }).listen(0, '127.0.0.1')
    await once(api, 'listening')
    const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
    const { tries } = await attack(`
      await attempt('api', async () => (await fetch('${url}/rest/v1/projects', { credentials: 'include' })).status)
      await attempt('image', () => new Promise((done, fail) => {
        const image = new Image(); image.onload = done; image.onerror = () => fail(new Error()); image.src = '${url}/mailbox'
      }))
      await attempt('frame', () => { const frame = document.createElement('iframe'); frame.src = '${url}'; document.body.append(frame) })
    `)
    expect(tries.api).toMatch(/^denied/)
    expect(tries.image).toMatch(/^denied/)
    expect(asked.join()).not.toMatch(/cookie|authorization|session/i)
    api.closeAllConnections()
    api.close()
  })

  test('reads nothing of another project, framed or fetched', async () => {
    const { tries } = await attack(`
      const other = 'http://${name}/'
      await attempt('fetch', async () => (await fetch(other + 'stranger.js')).status)
      await attempt('script', () => new Promise((done, fail) => {
        const script = document.createElement('script'); script.src = other + 'stranger.js'
        script.onload = () => done(window.answer); script.onerror = () => fail(new Error()); document.body.append(script)
      }))
      const frame = document.createElement('iframe'); frame.src = other; document.body.append(frame)
      await new Promise((done) => { frame.onload = done; setTimeout(done, 2000) })
      await attempt('framed', () => frame.contentWindow.document.body.innerHTML)
      await attempt('framed storage', () => frame.contentWindow.localStorage.length)
    `)
    for (const attempt of ['fetch', 'script', 'framed', 'framed storage'])
      expect(tries[attempt]).toMatch(/^denied/)
  })

  test('is framed by nobody but the app', async () => {
    const stranger = await startAppOrigin()
    const pane = await openPane(browser, stranger.origin, `http://${name}/`)
    await eventually(() => expect(pane.page.frames()[1]?.url()).toMatch(/chrome-error/))
    expect(await pane.page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([])
    await stranger.close()
  })

  test('cannot make its page break out of the data that we write into it', async () => {
    const made = await world.project()
    await world.write(
      made,
      {
        'index.html': `<!-- <html><head> --></script><!doctype html><html><head><base href="http://evil.example/">
<meta http-equiv="content-security-policy" content="script-src 'none'"><title></script><script>window.broken = 1</script></title></head>
<body><div id="root">Here</div><script type="module" src="/src/main.ts"></script></body></html>`,
        'src/main.ts': `document.body.dataset.ran = '</script><script>window.broken = 1</script>'`,
      },
      true,
    )
    const build = await world.ended(made)
    expect(build.state).toBe('succeeded')
    const { text } = await world.ask(await world.nameOf(made), '/', asPage)
    const block =
      /^<!doctype html><script type="application\/json" id="baton-preview">(.*?)<\/script><script src="\/__baton\//.exec(
        text,
      )
    expect(JSON.parse(block?.[1] ?? '')).toMatchObject({ deployment: build.deployment_id })
  })

  test('hears no orders from windows that are not the app', async () => {
    const { pane, frame } = await attack('')
    const nested = await frame().evaluate(async () => {
      const inner = document.createElement('iframe')
      document.body.append(inner)
      const order = { baton: 1, type: 'go', path: '/taken' }
      window.postMessage(order, '*')
      inner.contentWindow!.parent.postMessage(order, '*')
      await new Promise((next) => setTimeout(next, 200))
      return location.pathname
    })
    expect(nested).toBe('/')
    await pane.say({ type: 'go', path: '//evil.example/' })
    await pane.say({ type: 'go', path: '/\\evil.example/' })
    await pane.say({ type: 'go', path: '/here' })
    await pane.hears('navigated', ({ path }) => path === '/here')
    expect(frame().url()).toBe(`http://${new URL(frame().url()).host}/here`)
  })
})

function sayRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(world.port(), '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.setTimeout(5_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk
      socket.end()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
