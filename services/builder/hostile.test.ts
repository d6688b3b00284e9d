/** Projects that try to get at the host, or to wear it out. Each is tried in the worker that real builds run in. */
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  ENDLESS_TYPES,
  messagesOf,
  outputOf,
  startWorker,
  type TestWorker,
  textOf,
} from './testing/worker.ts'
import { WorkerLost } from './worker-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'baton-hostile-'))
vi.setConfig({ testTimeout: 30_000 }) // the first of each kind loads its compiler
let worker: TestWorker
beforeAll(() => {
  worker = startWorker()
})
afterAll(() => {
  worker.stop()
  rmSync(folder, { recursive: true })
})

/** Of /etc/passwd, on every machine that has one. */
const SECRET = 'root:'
const both = async (files: Record<string, string>) => [
  await worker.preview(files),
  await worker.production(files),
]

describe('code of the project', () => {
  const ran = join(folder, 'ran')
  const evil = `require('node:fs').writeFileSync(${JSON.stringify(ran)}, 'yes'); throw new Error('ran')`

  test('in configuration files and scripts of package.json is not run', async () => {
    const answers = await both({
      'vite.config.ts': evil,
      'vite.config.js': evil,
      'postcss.config.js': evil,
      'postcss.config.cjs': evil,
      '.postcssrc.json': '{"plugins":{"./evil.js":{}}}',
      'tailwind.config.js': evil,
      'evil.js': evil,
      '.env': 'VITE_LEAK=from-a-file',
      'package.json': JSON.stringify({ scripts: { build: evil, postinstall: evil }, browserslist: ['evil'] }),
      'tsconfig.json': '{"extends":"/etc/passwd"}',
      'src/main.tsx': "import './index.css'\ndocument.title = String(import.meta.env.VITE_LEAK)\n",
      'src/index.css': '@import "tailwindcss";\n',
    })
    for (const answer of answers) expect(textOf(outputOf(answer))).not.toContain('from-a-file')
    expect(existsSync(ran)).toBe(false)
  })

  test.each([
    '@plugin "./evil.js";',
    '@config "./evil.js";',
    '@plugin "/etc/passwd";',
    '@plugin "tailwindcss/plugin";',
  ])('that a stylesheet asks for with %s is refused', async (directive) => {
    const files = {
      'src/main.tsx': "import './index.css'\n",
      'src/evil.js': evil,
      'src/index.css': `@import "tailwindcss";\n${directive}\n`,
    }
    for (const answer of await both(files)) expect(messagesOf(answer)[0]).toMatch(/runs no code of a project/)
    expect(existsSync(ran)).toBe(false)
  })
})

describe('a file of the host is not read', () => {
  test.each([
    '/etc/passwd',
    '/etc/passwd?raw',
    '../../../../../../etc/passwd?raw',
    '../../../../../../etc/passwd?url',
    '@/../../../../etc/passwd?raw',
    './../../etc/passwd',
    'file:///etc/passwd',
    'file:///etc/passwd?raw',
    '/@fs/etc/passwd?raw',
    '/@fs/etc/passwd?import&raw??',
    'node:fs',
    'fs',
    'node_modules/react/index.js',
    '../node_modules/react/index.js',
    'react/../../../../etc/passwd',
    'data:text/javascript,alert(1)',
    'https://example.com/evil.js',
    '//example.com/evil.js',
    '\\\\etc\\\\passwd',
    'left-pad',
    'vite',
    '__proto__',
  ])('by importing %s', async (specifier) => {
    for (const code of [
      `import x from '${specifier}'\nconsole.log(x)`,
      `export * from '${specifier}'`,
      `import '${specifier}'`,
      `console.log(await import('${specifier}'))`,
    ]) {
      const files = { 'src/main.tsx': code }
      const [message] = messagesOf(await worker.preview(files))
      expect(message).toMatch(
        /leads out of|There is no file|is not among the packages|cannot be imported|is not known here/,
      )
      expect(message).not.toContain(SECRET)
    }
    const [message] = messagesOf(
      await worker.production({ 'src/main.tsx': `import x from '${specifier}'\nconsole.log(x)\n` }),
    )
    expect(message).not.toContain(SECRET)
  })

  test.each([
    '@import "/etc/passwd";',
    '@import "../../../../etc/passwd";',
    '@import url("file:///etc/passwd");',
    '@import "file:///etc/passwd";',
    '@reference "../../../../etc/passwd";',
    '@import "../../package.json";',
    '.a { background: url(/etc/passwd) }',
    '.a { background: url("../../../../../etc/passwd") }',
    '.a { background: url(file:///etc/passwd) }',
    '@source "/etc";',
    '@source "../../../../etc/*";',
    '@import "tailwindcss" source("/etc");',
  ])('by a stylesheet with %s', async (rule) => {
    const files = { 'src/main.tsx': "import './index.css'\n", 'src/index.css': `${rule}\n` }
    for (const answer of await both(files)) expect(JSON.stringify(answer)).not.toContain(SECRET)
  })

  test.each([
    '<img src="../../../../etc/passwd">',
    '<link rel="stylesheet" href="/etc/passwd">',
    '<link rel="stylesheet" href="../../../../etc/passwd">',
    '<script type="module" src="/etc/passwd"></script>',
    '<script type="module" src="../../../../etc/passwd"></script>',
    '<script type="module">import x from "/etc/passwd?raw"; document.title = x</script>',
    '<style>@import "/etc/passwd";</style>',
  ])('by a page with %s', async (html) => {
    for (const answer of await both({
      'index.html': `<!doctype html><html><head></head><body>${html}</body></html>`,
    }))
      expect(JSON.stringify(answer)).not.toContain(SECRET)
  })

  test.each([
    "import.meta.glob('/etc/*', { query: '?raw', eager: true })",
    "import.meta.glob('../../../../etc/passwd', { as: 'raw', eager: true })",
    "new URL('../../../../../etc/passwd', import.meta.url)",
    "new URL('/etc/passwd', import.meta.url)",
    "new Worker(new URL('/etc/passwd', import.meta.url))",
    "import('../../../../etc/' + 'passwd')",
    `import(\`../../../../etc/\${'passwd'}.js\`)`,
    "require('/etc/passwd')",
  ])('by code with %s', async (code) => {
    for (const answer of await both({ 'src/main.tsx': `console.log(${code})\n` }))
      expect(JSON.stringify(answer)).not.toContain(SECRET)
  })

  test('by a type, or by a reference of one', async () => {
    const answer = await worker.types({
      'src/main.tsx': `/// <reference path="/etc/passwd" />\n/// <reference types="../../../../etc/passwd" />\nimport type { x } from '/etc/passwd'\nconst y: typeof import('../../../../etc/hostname') = 1\nexport default y as x\n`,
    })
    expect(JSON.stringify(answer)).not.toContain(SECRET)
  })

  test('by a text that looks like a link: what is imported is the text', async () => {
    const answer = await worker.preview({
      'src/main.tsx': "import x from './link?raw'\nconsole.log(x)\n",
      'src/link': '/etc/passwd',
    })
    expect(textOf(outputOf(answer))).toContain('export default "/etc/passwd"')
  })
})

describe('the process', () => {
  test('has nothing in its environment', async () => {
    await worker.preview({ 'src/main.tsx': '' })
    const names = readFileSync(`/proc/${worker.pid}/environ`, 'utf8')
      .split('\0')
      .map((pair) => pair.split('=')[0])
    expect(
      names.filter((name) => name && !/^NODE_(ENV|CHANNEL_FD|CHANNEL_SERIALIZATION_MODE)$/.test(name)),
    ).toEqual([])
  })

  test('has no network where the system can take it away', async () => {
    await worker.preview({ 'src/main.tsx': '' })
    const mayUnshare = process.getuid?.() === 0
    if (mayUnshare)
      expect(readlinkSync(`/proc/${worker.pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'))
  })
})

describe('what is endless or too much ends', () => {
  test('imports in a circle are built', async () => {
    const files = {
      'src/main.tsx': "import { a } from './a'\nimport './main'\nconsole.log(a)\n",
      'src/a.ts': "import { b } from './b'\nexport const a = () => b\n",
      'src/b.ts': "import { a } from './a'\nexport const b = () => a\n",
    }
    for (const answer of await both(files)) outputOf(answer)
  })

  test('stylesheets that import each other are refused', async () => {
    const files = {
      'src/main.tsx': "import './a.css'\n",
      'src/a.css': '@import "./b.css";\n',
      'src/b.css': '@import "./a.css";\n',
    }
    expect(messagesOf(await worker.preview(files))[0]).toMatch(/circle|recursi|@imports/i)
  })

  test('a chain of 3,000 imports is built', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [
        index === 0 ? 'src/main.tsx' : `src/m${index}.ts`,
        `${index < 2_999 ? `import './m${index + 1}'\n` : ''}console.log(${index})\n`,
      ]),
    )
    expect(outputOf(await worker.preview(files)).files.length).toBe(3_001)
  })

  test('10,000 files are refused', async () => {
    const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`src/${index}.ts`, '']))
    for (const answer of await both(files)) {
      expect(answer).toMatchObject({ kind: 'failed', reason: 'too_large' })
      expect(messagesOf(answer)[0]).toContain('files')
    }
  })

  test('a file of 50 MB is refused', async () => {
    const answer = await worker.preview({ 'src/main.tsx': `// ${'x'.repeat(50 * 2 ** 20)}` })
    expect(answer).toMatchObject({ kind: 'failed', reason: 'too_large', errors: [{ file: 'src/main.tsx' }] })
  })

  test.each([
    ['a template literal of a megabyte', `console.log(\`${'$'.concat('{1}').repeat(250_000)}\`)`],
    ['a million nested brackets', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    ['a sum of a hundred thousand', Array.from({ length: 100_000 }, () => '1').join('+')],
  ])('%s is built or given up, and the next build works', { timeout: 30_000 }, async (_, code) => {
    const one = startWorker()
    try {
      await one
        .preview({ 'src/main.tsx': code }, 10_000)
        .catch((error: unknown) => expect(error).toBeInstanceOf(WorkerLost))
      outputOf(await one.preview({ 'src/main.tsx': 'console.log(1)\n' }))
    } finally {
      one.stop()
    }
  })

  test('a stylesheet that asks for a billion classes is given up', { timeout: 30_000 }, async () => {
    const one = startWorker({ memoryMb: 700 })
    const bomb = `@import "tailwindcss";\n@source inline("p-{${'{1..999},'.repeat(20)}1}-{1..999}-{1..999}");\n`
    const files = { 'src/main.tsx': "import './index.css'\n", 'src/index.css': bomb }
    const ended = await one.preview(files, 5_000).catch((error: unknown) => error)
    expect(
      ended instanceof WorkerLost ||
        (ended as { kind: string }).kind === 'failed' ||
        (ended as { kind: string }).kind === 'broken',
    ).toBe(true)
    one.stop()
  })

  test('types without end are given up', { timeout: 30_000 }, async () => {
    const one = startWorker({ mayRunTypeScript: true })
    const type = 'type Grow<T extends unknown[], N> = T["length"] extends N ? T : Grow<[...T, ...T, 1], N>\n'
    const chain = Array.from(
      { length: 40 },
      (_, index) => `type X${index} = [${`X${index - 1},`.repeat(12)}]`,
    )
      .slice(1)
      .join('\n')
    const files = {
      'src/main.tsx': `${type}export type E = Grow<[], -1>\ntype X0 = 1\n${chain}\nexport const x: X39 = null! as X38\n`,
    }
    const ended = await one.types(files, 5_000).catch((error: unknown) => error)
    expect(ended instanceof WorkerLost || Array.isArray((ended as { errors?: unknown }).errors)).toBe(true)
    one.stop()
  })

  test('types that take too much memory are given up, though it is their compiler that takes it', {
    timeout: 60_000,
  }, async () => {
    const one = startWorker({ mayRunTypeScript: true, memoryMb: 300 })
    const ended = await one.types(ENDLESS_TYPES).catch((error: unknown) => error)
    expect(ended).toBeInstanceOf(WorkerLost)
    expect((ended as WorkerLost).reason).toBe('memory')
    one.stop()
  })
})
