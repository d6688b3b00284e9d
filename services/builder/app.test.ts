/** What an app may be written with, built as a preview and for the world. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { messagesOf, outputOf, startWorker, type TestWorker, textOf } from './testing/worker.ts'
import type { Output } from './worker/messages.ts'

vi.setConfig({ testTimeout: 30_000 }) // the first of each kind loads its compiler
let worker: TestWorker
beforeAll(() => {
  worker = startWorker()
})
afterAll(() => worker.stop())

const KINDS = ['preview', 'production'] as const

describe.each(KINDS)('in a %s', (kind) => {
  const build = async (files: Record<string, string>) => textOf(outputOf(await worker[kind](files)))

  test('files are imported with and without their endings, from the root, from src, and as indexes', async () => {
    const text = await build({
      'src/main.tsx':
        "import { a } from './a'\nimport { b } from './b.js'\nimport { c } from '/src/c.tsx'\nimport { d } from '@/d'\nconsole.log(a, b, c, d)\n",
      'src/a.ts': "export const a: string = 'from a'\n",
      'src/b.ts': "export const b = 'from b'\n",
      'src/c.tsx': "export const c = 'from c'\n",
      'src/d/index.ts': "export const d = 'from d'\n",
    })
    for (const name of ['from a', 'from b', 'from c', 'from d']) expect(text).toContain(name)
  })

  test('JSON, texts and addresses can be imported', async () => {
    const text = await build({
      'src/main.tsx':
        "import data, { name } from './data.json'\nimport raw from './note.txt?raw'\nimport logo from './logo.svg'\nconsole.log(data, name, raw, logo)\n",
      'src/data.json': '{"name":"Ada","class":1}',
      'src/note.txt': 'as it stands',
      'src/logo.svg': '<svg id="logo"/>',
    })
    expect(text).toContain('Ada')
    expect(text).toContain('as it stands')
    expect(text).toMatch(/["'`]\/(@a|assets)\/[\w-]+\.svg["'`]/)
    expect(text).toContain('<svg id="logo"/>')
  })

  test('import.meta.glob finds files of the project, lazily and at once', async () => {
    const text = await build({
      'src/main.tsx':
        "console.log(import.meta.glob('./posts/*.ts'), import.meta.glob<string>(['./notes/**/*.md', '!**/draft.md'], { query: '?raw', import: 'default', eager: true }))\n",
      'src/posts/one.ts': "export default 'post one'\n",
      'src/notes/deep/two.md': 'note two',
      'src/notes/draft.md': 'not this',
    })
    expect(text).toContain('post one')
    expect(text).toContain('note two')
    expect(text).toContain('./posts/one.ts')
    expect(text).toContain('./notes/deep/two.md')
    if (kind === 'production') expect(text).not.toContain('not this')
  })

  test('the address of a file can be asked for with new URL', async () => {
    const text = await build({
      'src/main.tsx': "document.title = new URL('./logo.svg', import.meta.url).href\n",
      'src/logo.svg': '<svg/>',
    })
    expect(text).toMatch(/\/(@a|assets)\/[\w-]+\.svg/)
  })

  test('classes of a CSS module have names of their own', async () => {
    const answer = await worker[kind]({
      'src/main.tsx': "import styles from './card.module.css'\nconsole.log(styles.card, styles['is-open'])\n",
      'src/card.module.css':
        '/* .no */\n.card, .is-open:hover > :global(.outside) { color: red; background: url("a.card.png") }\n@media (width > 10px) { .card { color: blue } }\n',
    })
    const { files } = outputOf(answer)
    const text = files.map(({ type, content }) => (type === 'text/css' ? String(content) : '')).join('')
    const name = /card_[0-9a-f]{6}/.exec(text)![0]
    expect(textOf(outputOf(answer))).toMatch(new RegExp(`["'\`]${name}["'\`]`))
    expect(text).toContain(`.${name}`)
    expect(text).toMatch(/\.is-open_[0-9a-f]{6}:hover\s*>\s*\.outside/)
    expect(text).not.toMatch(/\.card\s*[,{]/)
    expect(text).toContain('a.card.png')
  })

  test('stylesheets come in the order in which they are imported, with what Tailwind finds in use', async () => {
    const text = await build({
      'src/main.tsx': "import './first.css'\nimport './inner'\nimport './last.css'\n",
      'src/inner.tsx': 'import \'./inner.css\'\nexport const Inner = () => <i className="underline" />\n',
      'src/first.css': '@import "tailwindcss";\n@import "./base.css";\n',
      'src/base.css': '.base { @apply p-4; }\n',
      'src/inner.css': '.inner { color: green }\n',
      'src/last.css': '.last { color: red }\n',
    })
    const order = ['.underline', '.inner', '.last'].map((name) => text.search(new RegExp(`\\${name}\\s*\\{`)))
    expect(order.every((at) => at >= 0)).toBe(true)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(text).toMatch(/\.base\s*\{\s*padding:/)
  })

  test('a worker is refused with a sentence', async () => {
    const answer = await worker[kind]({
      'src/main.tsx': "new Worker(new URL('./work.ts', import.meta.url))\n",
      'src/work.ts': '',
    })
    expect(messagesOf(answer)[0]).toBe(
      '"./work.ts" is code in an address of its own, as a worker is: that is not built here.',
    )
  })

  test('what does not parse is said with its place', async () => {
    const answer = await worker[kind]({
      'src/main.tsx': "import './broken'\n",
      'src/broken.tsx': 'const a = 1\nconst b = ;\n',
    })
    expect(answer).toMatchObject({
      kind: 'failed',
      errors: [
        { file: 'src/broken.tsx', line: 2, column: 10, frame: expect.stringContaining('> 2 | const b = ;') },
      ],
    })
  })

  test('a class that Tailwind does not know is said with its place', async () => {
    const answer = await worker[kind]({
      'src/main.tsx': "import './index.css'\n",
      'src/index.css': '@import "tailwindcss";\n.a {\n  @apply no-such-thing;\n}\n',
    })
    expect(answer).toMatchObject({ kind: 'failed', errors: [{ file: 'src/index.css', line: 3 }] })
  })

  test('there must be a page', async () => {
    const files = { 'index.html': undefined as never, 'src/main.tsx': '' }
    delete (files as Record<string, string>)['index.html']
    const answer = await worker[kind]({ ...files, 'index.html': '<p>No script here</p>' })
    expect(outputOf(answer).files.map(({ path }) => path)).toContain('/index.html')
  })
})

describe('icons in a preview', () => {
  const moduleOf = async (code: string) => {
    const { files } = outputOf(await worker.preview({ 'src/main.tsx': code }))
    return String(files.find(({ path }) => path.endsWith('/src/main.tsx'))?.content).split('//# source')[0]!
  }

  test('are drawn in the module that imports them by name, whichever of their names', async () => {
    const code = await moduleOf(
      "import { clsx } from 'clsx'\nimport {\n  Home as Start,\n  LucideX,\n} from 'lucide-react'\n\nconsole.log(clsx(), Start, LucideX)\n",
    )
    expect(code).not.toContain('lucide-react')
    expect(code).toMatch(
      /from "baton:icon"; const Start = \S+\(\{ name: "house",.+, LucideX = \S+\(\{ name: "x",/,
    )
  })

  test('come with their whole package where more is asked for than names of icons', async () => {
    for (const clause of ['* as icons', '{ X, createLucideIcon as icons }', '{ NoSuchIcon as icons }']) {
      const code = await moduleOf(`import ${clause} from 'lucide-react'\nconsole.log(icons)\n`)
      expect(code).toContain('from "lucide-react"')
      expect(code).not.toContain('baton:icon')
    }
  })
})

describe('React in what is published', () => {
  const CHUNK = /^\/assets\/react-[0-9a-f]{8}\.js$/
  const reactIn = async (code: string) => {
    const { files } = outputOf(await worker.production({ 'src/main.tsx': code }))
    const page = String(files.find(({ path }) => path === '/index.html')?.content)
    return { page, chunks: files.filter(({ path }) => CHUNK.test(path)), text: textOf({ files } as Output) }
  }

  test('is one file for whatever imports it, the same in every app, and loaded at once', async () => {
    const one = await reactIn(
      "import { createRoot } from 'react-dom/client'\nimport { useForm } from 'react-hook-form'\nconst App = () => <p>{String(useForm())}</p>\ncreateRoot(document.body).render(<App />)\n",
    )
    const other = await reactIn("import React from 'react'\nconsole.log(React.version)\n")
    expect(one.chunks).toHaveLength(1)
    expect(one.chunks).toEqual(other.chunks)
    expect(one.page).toContain(`<link rel="modulepreload" href="${one.chunks[0]!.path}">`)
    expect(one.text.match(/react\.transitional\.element/g)).toHaveLength(
      String(one.chunks[0]!.content).match(/react\.transitional\.element/g)!.length,
    )
  })

  test('is not in an app that has no use for it', async () => {
    const { chunks, page } = await reactIn("document.body.append('plain')\n")
    expect(chunks).toEqual([])
    expect(page).not.toContain('modulepreload')
  })
})

describe('the environment', () => {
  test('is what Vite gives, and the public variables alone', async () => {
    const code =
      'console.log(import.meta.env.MODE, import.meta.env.VITE_PLACE, import.meta.env.SECRET, import.meta.env.DEV)\n'
    const text = textOf(
      outputOf(
        await worker.production({ 'src/main.tsx': code }, { VITE_PLACE: 'the sea', SECRET: 'never told' }),
      ),
    )
    expect(text).toContain('production')
    expect(text).toContain('the sea')
    expect(text).not.toContain('never told')
  })
})
