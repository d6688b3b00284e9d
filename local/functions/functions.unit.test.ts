import { fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasSetpriv } from '../native.ts'
import { GO } from '../part.ts'
import { createProject, JWT_SECRET, type Served, serveFunctions } from './throwaway-functions.ts'

const OPEN = (...names: string[]) => names.map((name) => `[functions.${name}]\nverify_jwt = false\n`).join('')
const TIMEOUT = { timeout: 20_000 }

describe('a function', TIMEOUT, () => {
  let served: Served
  beforeAll(async () => {
    process.env.BATON_TEST_PARENT_SECRET = 'must not be seen'
    served = await serveFunctions({
      'config.toml': OPEN('echo', 'streams', 'background', 'environment', 'files', 'throws', 'exports'),
      'functions/.env': 'STRIPE_KEY=from-the-env-file\n',
      'functions/_shared/greet.ts': 'export const greet = (name: string) => "hello " + name',
      'functions/echo/index.ts': `
        import { greet } from '../_shared/greet.ts'
        Deno.serve({ port: 9 }, async (request) => {
          console.log('echoing', { size: 1 })
          return Response.json({
            greeting: greet('world'), url: request.url, method: request.method, body: await request.text(),
            requestId: request.headers.get('sb-request-id'),
          }, { status: 201, headers: { 'x-own': 'yes' } })
        })`,
      'functions/streams/index.ts': `
        Deno.serve((request) => {
          const gone = new Promise((settle) => request.signal.addEventListener('abort', settle))
          gone.then(() => console.log('client went away'))
          if (new URL(request.url).searchParams.has('hang')) return gone.then(() => new Response())
          if (request.body) return new Response(request.body, { headers: { 'content-type': 'text/plain' } })
          return new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('first')) }))
        })`,
      'functions/background/index.ts': `
        const finished: string[] = []
        Deno.serve((request) => {
          if (request.method === 'GET') return Response.json(finished)
          EdgeRuntime.waitUntil(request.text().then((text) => finished.push(text)))
          EdgeRuntime.waitUntil(Promise.reject(new Error('nobody catches this')))
          return new Response(null, { status: 202 })
        })`,
      'functions/environment/index.ts': `Deno.serve(() => Response.json(Deno.env.toObject()))`,
      'functions/files/index.ts': `
        const attempt = (action: () => unknown) => { try { action(); return 'allowed' } catch (error) { return error.name } }
        Deno.serve(() => Response.json({
          ownCode: attempt(() => Deno.readTextFileSync(new URL('./index.ts', import.meta.url))),
          ownCodeWritten: attempt(() => Deno.writeTextFileSync(new URL('./index.ts', import.meta.url), '')),
          elsewhere: attempt(() => Deno.readTextFileSync('/etc/hostname')),
          programs: attempt(() => new Deno.Command('/bin/true').outputSync()),
        }))`,
      'functions/throws/index.ts': `Deno.serve(() => { throw new Error('my mistake') })`,
      'functions/exports/index.ts': `export default { fetch: () => new Response('exported') }`,
      'functions/guarded/index.ts': `Deno.serve(() => new Response('let in'))`,
      'functions/_private/index.ts': `Deno.serve(() => new Response('not a function'))`,
    })
  })
  afterAll(async () => {
    delete process.env.BATON_TEST_PARENT_SECRET
    await served[Symbol.asyncDispose]()
  })

  test('sees its own path, the body, the host and a request id, and answers in full', async () => {
    const response = await served.fetch('/echo/deep?x=1', { method: 'POST', body: 'ping' })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-own')).toBe('yes')
    const told = await response.json()
    expect(told).toMatchObject({ greeting: 'hello world', method: 'POST', body: 'ping' })
    expect(told.url).toBe(`${response.url}`)
    expect(told.requestId).toBe(response.headers.get('sb-request-id'))
  })

  test('is reached with and without the prefix of the API', async () => {
    const response = await served.fetch('/functions/v1/echo')
    expect(new URL((await response.json()).url).pathname).toBe('/echo')
  })

  test('logs with its name and the id of the request', async () => {
    await served.fetch('/echo', { headers: { 'sb-request-id': 'request-7' } })
    const line = await served.logged({ request: 'request-7' })
    expect(line).toMatchObject({ level: 'info', function: 'echo', message: 'echoing { size: 1 }' })
  })

  test('streams its answer as it comes', async () => {
    const reader = (await served.fetch('/streams')).body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first')
    await reader.cancel()
  })

  test('receives a streamed request as it comes', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const init = { method: 'POST', body: readable, duplex: 'half' } as RequestInit
    void writer.write(new TextEncoder().encode('one '))
    const reader = (await served.fetch('/streams', init)).body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('one ')
    void writer.write(new TextEncoder().encode('two'))
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('two')
    await writer.close()
    expect((await reader.read()).done).toBe(true)
  })

  test.for(['before it answered', 'while it streams'])(
    'learns that its client went away %s',
    async (when) => {
      const leaving = new AbortController()
      const requestId = when.replaceAll(' ', '-')
      const init = { signal: leaving.signal, headers: { 'sb-request-id': requestId } }
      if (when === 'before it answered') {
        const asked = served.fetch('/streams?hang', init).catch((error: Error) => error.name)
        await served.fetch('/streams').then((response) => response.body!.cancel())
        leaving.abort()
        expect(await asked).toBe('AbortError')
      } else {
        await (await served.fetch('/streams', init)).body!.getReader().read()
        leaving.abort()
      }
      await served.logged({ message: 'client went away', request: requestId })
    },
  )

  test('goes on in the background after its answer, and survives what fails there', async () => {
    expect((await served.fetch('/background', { method: 'POST', body: 'done' })).status).toBe(202)
    await expect.poll(async () => (await served.fetch('/background')).json()).toContain('done')
    await served.logged({ function: 'background', level: 'error' })
  })

  test('sees the environment of hosted Supabase and its secrets, and nothing else', async () => {
    const environment = await (await served.fetch('/environment')).json()
    expect(environment).toEqual({
      SUPABASE_URL: 'http://127.0.0.1:54321',
      SUPABASE_DB_URL: 'postgresql://postgres:password@127.0.0.1:54324/postgres',
      SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_test"}',
      SUPABASE_SECRET_KEYS: '{"default":"sb_secret_test"}',
      SUPABASE_ANON_KEY: 'sb_publishable_test',
      SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_test',
      ANTHROPIC_API_KEY: 'rehearsal',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:54325',
      BATON_MODEL_KIND: 'rehearsal',
      BATON_VERSION: '1.2.3',
      BATON_APP_URL: 'http://127.0.0.1:54322',
      BATON_PREVIEW_URL: 'http://preview.localhost:54323',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: '54326',
      SMTP_FROM: 'Baton <baton@baton.test>',
      STRIPE_KEY: 'from-the-env-file',
    })
  })

  test('may read its code, and neither change it nor read elsewhere nor run programs', async () => {
    expect(await (await served.fetch('/files')).json()).toEqual({
      ownCode: 'allowed',
      ownCodeWritten: 'NotCapable',
      elsewhere: 'NotCapable',
      programs: 'NotCapable',
    })
  })

  test('that throws answers 500 and stays', async () => {
    for (let time = 0; time < 2; time++) {
      const response = await served.fetch('/throws')
      expect(response.status).toBe(500)
      expect(response.headers.get('sb-error-code')).toBe('EDGE_FUNCTION_ERROR')
    }
    expect((await served.logged({ function: 'throws', level: 'error' })).message).toContain('my mistake')
  })

  test('may export its handler', async () => {
    expect(await (await served.fetch('/exports')).text()).toBe('exported')
  })

  test.for(['/nothing', '/', '/_private', '/_shared', '/..%2fecho'])('%s does not exist', async (path) => {
    const response = await served.fetch(path)
    expect([response.status, response.headers.get('sb-error-code')]).toEqual([404, 'NOT_FOUND'])
  })

  describe('that verifies tokens', () => {
    const token = (secret: string, expires: string) =>
      new SignJWT({ role: 'authenticated' })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime(expires)
        .sign(new TextEncoder().encode(secret))
    const ask = async (authorization: string | undefined, method = 'GET') => {
      const headers = authorization === undefined ? {} : { authorization }
      const response = await served.fetch('/guarded', { method, headers })
      return [response.status, response.headers.get('sb-error-code')]
    }

    test('lets in who has one', async () => {
      expect(await ask(`Bearer ${await token(JWT_SECRET, '1h')}`)).toEqual([200, null])
    })
    test('refuses who has none', async () => {
      expect(await ask(undefined)).toEqual([401, 'UNAUTHORIZED_NO_AUTH_HEADER'])
      expect(await ask('Basic YTpi')).toEqual([401, 'UNAUTHORIZED_NO_AUTH_HEADER'])
    })
    test('refuses one that is expired, foreign, unsigned or no token at all', async () => {
      const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"role":"service_role"}')}.`
      const wrong = [
        await token(JWT_SECRET, '-1h'),
        await token('x'.repeat(40), '1h'),
        unsigned,
        'sb_secret_test',
      ]
      for (const each of wrong)
        expect(await ask(`Bearer ${each}`)).toEqual([401, 'UNAUTHORIZED_INVALID_JWT_FORMAT'])
    })
    test('answers a preflight without one', async () => {
      expect(await ask(undefined, 'OPTIONS')).toEqual([200, null])
    })
  })
})

describe('the life of a function', TIMEOUT, () => {
  const COUNTER = `
    let count = 0
    Deno.serve((request) => {
      if (new URL(request.url).searchParams.has('crash')) Deno.exit(3)
      return Response.json({ count: ++count })
    })`

  test('a crash takes no other function along, and the function comes back', async () => {
    await using served = await serveFunctions({
      'config.toml': OPEN('fragile', 'steady'),
      'functions/fragile/index.ts': COUNTER,
      'functions/steady/index.ts': COUNTER,
    })
    const count = async (name: string) => (await (await served.fetch(`/${name}`)).json()).count
    expect([await count('fragile'), await count('steady')]).toEqual([1, 1])
    const crashed = await served.fetch('/fragile?crash')
    expect([crashed.status, crashed.headers.get('sb-error-code')]).toEqual([500, 'WORKER_ERROR'])
    await served.logged({ function: 'fragile', message: 'function died, restarting it' })
    expect([await count('fragile'), await count('steady')]).toEqual([1, 2])
  })

  test('one that does not answer in time is given up with 504', async () => {
    await using served = await serveFunctions(
      {
        'config.toml': OPEN('slow'),
        'functions/slow/index.ts': `
          Deno.serve((request) => new Promise((settle) => {
            request.signal.addEventListener('abort', () => settle(new Response()))
          }))`,
      },
      { responseTimeoutMs: 50 },
    )
    const response = await served.fetch('/slow')
    expect([response.status, response.headers.get('sb-error-code')]).toEqual([504, 'IDLE_TIMEOUT'])
  })

  test('one that computes without end is ended, and comes back', async () => {
    await using served = await serveFunctions(
      {
        'config.toml': OPEN('loops'),
        'functions/loops/index.ts': `
          Deno.serve((request) => {
            while (request.url.endsWith('?loop'));
            return new Response('fine')
          })`,
      },
      { pulseTimeoutMs: 300 },
    )
    const looping = await served.fetch('/loops?loop')
    expect([looping.status, looping.headers.get('sb-error-code')]).toEqual([500, 'WORKER_ERROR'])
    await served.logged({ function: 'loops', message: 'function died, restarting it' })
    expect(await (await served.fetch('/loops')).text()).toBe('fine')
  })

  test('one that is switched off in the configuration does not exist', async () => {
    await using served = await serveFunctions({
      'config.toml': '[functions.off]\nenabled = false\n',
      'functions/off/index.ts': COUNTER,
    })
    expect((await served.fetch('/off')).status).toBe(404)
  })

  test('entry point and import map come from the configuration', async () => {
    await using served = await serveFunctions({
      'config.toml': `${OPEN('moved')}entrypoint = "functions/moved/other.ts"\nimport_map = "functions/moved/map.json"\n`,
      'functions/moved/other.ts': "import { word } from 'word'\nDeno.serve(() => new Response(word))",
      'functions/moved/map.json': '{"imports":{"word":"./word.ts"}}',
      'functions/moved/word.ts': "export const word = 'mapped'",
    })
    expect(await (await served.fetch('/moved')).text()).toBe('mapped')
  })

  test('npm packages come from node_modules, at the version that deno.json pins', async () => {
    await using served = await serveFunctions({
      'config.toml': OPEN('packaged'),
      'functions/packaged/deno.json': '{"imports":{"postal-mime":"npm:postal-mime@4.0.0"}}',
      'functions/packaged/index.ts':
        "import PostalMime from 'postal-mime'\nDeno.serve(async () => new Response((await PostalMime.parse('Subject: hi\\n\\n')).subject))",
    })
    expect(await (await served.fetch('/packaged')).text()).toBe('hi')
  })

  test('secrets with a reserved name are refused in words', async () => {
    const refused = serveFunctions({ 'functions/.env': 'SUPABASE_URL=http://elsewhere\n' })
    await expect(refused).rejects.toThrow(
      /\.env sets SUPABASE_URL; names that begin with SUPABASE_ are supplied/,
    )
  })

  test('stopping waits for what waitUntil was given', async () => {
    const served = await serveFunctions({
      'config.toml': OPEN('late'),
      'functions/late/index.ts': `
        addEventListener('beforeunload', () => finish())
        let finish = () => {}
        Deno.serve(() => {
          EdgeRuntime.waitUntil(new Promise<void>((settle) => { finish = settle }).then(() => console.log('finished')))
          return new Response()
        })`,
    })
    await served.fetch('/late')
    await served[Symbol.asyncDispose]()
    await served.logged({ function: 'late', message: 'finished' })
  })
})

test('a wrapper that is killed leaves no Deno behind', { ...TIMEOUT, skip: !hasSetpriv() }, async () => {
  await using project = createProject({ 'functions/left/index.ts': 'Deno.serve(() => new Response())' })
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const wrapper = fork(main, [], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, BATON_STACK: JSON.stringify(project.config) },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  wrapper.send(GO)
  const lines = createInterface({ input: wrapper.stdout! })[Symbol.asyncIterator]()
  let booted: { message?: string; pid?: number } = {}
  while (booted.message !== 'function booted') booted = JSON.parse((await lines.next()).value)
  expect(isRunning(booted.pid!)).toBe(true)
  wrapper.kill('SIGKILL')
  await expect.poll(() => isRunning(booted.pid!)).toBe(false)
})

describe('in development', TIMEOUT, () => {
  const answering = (text: string) => `Deno.serve(() => new Response('${text}'))`
  const text = async (served: Served, path: string) => (await served.fetch(path)).text()

  test('a change replaces the function, drops no request and lets the old one finish', async () => {
    await using served = await serveFunctions(
      {
        'config.toml': OPEN('page'),
        'functions/page/index.ts': `
          Deno.serve((request) => {
            if (request.method === 'GET') return new Response('old')
            return new Response(request.body)
          })`,
      },
      { mode: 'dev' },
    )
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    void writer.write(new TextEncoder().encode('begun before, '))
    const open = await served.fetch('/page', {
      method: 'POST',
      body: readable,
      duplex: 'half',
    } as RequestInit)

    const answers = new Set<string>()
    served.write('functions/page/index.ts', answering('new'))
    while (!answers.has('new')) {
      const response = await served.fetch('/page')
      expect(response.status).toBe(200)
      answers.add(await response.text())
    }
    await writer.write(new TextEncoder().encode('ended after'))
    await writer.close()
    expect(await open.text()).toBe('begun before, ended after')
    expect([...answers]).toEqual(['old', 'new'])
  })

  test('a syntax error gives BOOT_ERROR until it is mended', async () => {
    await using served = await serveFunctions(
      { 'config.toml': OPEN('page'), 'functions/page/index.ts': answering('fine') },
      { mode: 'dev' },
    )
    expect(await text(served, '/page')).toBe('fine')
    served.write('functions/page/index.ts', 'Deno.serve(() => {')
    const failed = await served.logged({ message: 'function did not boot' })
    expect(JSON.stringify(failed)).toContain('index.ts')
    const response = await served.fetch('/page')
    expect([response.status, response.headers.get('sb-error-code')]).toEqual([503, 'BOOT_ERROR'])
    served.write('functions/page/index.ts', answering('mended'))
    await expect.poll(() => text(served, '/page')).toBe('mended')
  })

  test('a change of what is shared, of secrets or of the configuration concerns every function', async () => {
    await using served = await serveFunctions(
      {
        'config.toml': OPEN('page'),
        'functions/_shared/word.ts': "export const word = 'one'",
        'functions/page/index.ts': `
          import { word } from '../_shared/word.ts'
          Deno.serve(() => new Response(word + Deno.env.get('MORE')))`,
      },
      { mode: 'dev' },
    )
    expect(await text(served, '/page')).toBe('oneundefined')
    served.write('functions/_shared/word.ts', "export const word = 'two'")
    await expect.poll(() => text(served, '/page')).toBe('twoundefined')
    served.write('functions/.env', 'MORE= and more')
    await expect.poll(() => text(served, '/page')).toBe('twoand more')
    served.write('config.toml', '')
    await expect.poll(async () => (await served.fetch('/page')).status).toBe(401)
  })

  test('a new folder is a new function', async () => {
    await using served = await serveFunctions({ 'config.toml': OPEN('later') }, { mode: 'dev' })
    expect((await served.fetch('/later')).status).toBe(404)
    served.write('functions/later/index.ts', answering('here'))
    await expect.poll(() => text(served, '/later')).toBe('here')
  })
})

/** A process that ended and that nobody asked about is not running. */
function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/status`
  return existsSync(path) && !/^State:\s+Z/m.test(readFileSync(path, 'utf8'))
}
