/** What a person would see: the app checked by TypeScript, built by our builder, and opened in a browser. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser, Page, Route } from '@playwright/test'
import axe from 'axe-core'
import { rootDir } from '../../../scripts/root.ts'
import type { Answer, Task } from '../../../services/builder/worker/messages.ts'
import { createWorkerProcess } from '../../../services/builder/worker-process.ts'
import type { Project } from './project.ts'

/** Below our own packages, so that the apps find React. */
export class AppFolder {
  readonly path = join(rootDir, 'node_modules/.cache', `rehearsal-${process.pid}`)

  write(name: string, project: Project): string {
    for (const [path, { content }] of project.files) {
      const target = join(this.path, name, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, content)
    }
    return join(this.path, name)
  }

  /** What TypeScript says about all apps that were written; nothing, if they are right. */
  typeErrors(): string {
    const compilerOptions = {
      target: 'ES2023',
      module: 'ESNext',
      moduleResolution: 'bundler',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: ['vite/client'],
      jsx: 'react-jsx',
      strict: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noEmit: true,
      skipLibCheck: true,
    }
    writeFileSync(join(this.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*/src'] }))
    const tsc = join(rootDir, 'node_modules/typescript/bin/tsc')
    return spawnSync(process.execPath, [tsc, '-p', this.path, '--pretty', 'false'], { encoding: 'utf8' })
      .stdout
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

export type Served = Map<string, { type: string; content: string | Uint8Array }>

/** Our own builder, as it makes previews and what is published. */
export class AppBuilder {
  private readonly previews = createWorkerProcess({ mode: 'development', ...LIMITS }, () => {})
  private readonly productions = createWorkerProcess({ mode: 'production', ...LIMITS }, () => {})
  private vendor: Promise<Extract<Answer, { kind: 'vendor' }>> | undefined

  async preview(project: Project): Promise<Served> {
    this.vendor ??= this.previews.run({ kind: 'vendor' }, PATIENCE_MS).then((answer) => {
      if (answer.kind === 'vendor') return answer
      throw new Error(JSON.stringify(answer))
    })
    const { vendor, files } = await this.vendor
    const task: Task = {
      kind: 'preview',
      project: 'app',
      base: null,
      version: 1,
      files: filesOf(project),
      removed: [],
      variables: {},
      vendor,
    }
    const served = servedOf(await this.previews.run(task, PATIENCE_MS))
    await this.previews.run({ kind: 'forget', project: 'app' }, PATIENCE_MS)
    for (const { name, content } of files) served.set(`/@v/${name}`, { type: 'text/javascript', content })
    return served
  }

  async production(project: Project): Promise<Served> {
    const task = { kind: 'production', files: filesOf(project), variables: {} } as const
    return servedOf(await this.productions.run(task, PATIENCE_MS))
  }

  [Symbol.dispose](): void {
    this.previews.stop()
    this.productions.stop()
  }
}

const LIMITS = { memoryMb: 2_048, idleMs: 600_000 }
const PATIENCE_MS = 120_000

const filesOf = ({ files }: Project) => [...files].map(([path, { content }]) => ({ path, content }))

function servedOf(answer: Answer): Served {
  if (answer.kind === 'failed')
    throw new Error(answer.errors.map(({ file, message }) => `${file}: ${message}`).join('\n'))
  if (answer.kind !== 'built') throw new Error(JSON.stringify(answer))
  return new Map(answer.output.files.map(({ path, type, content }) => [path, { type, content: content! }]))
}

export type Seen = { heading: string; text: string; complaints: string[] }

/** Opens the app in both themes, on a desk and on a phone; complaints are of the console, of axe, and of what does not fit. */
export async function open(browser: Browser, files: Served): Promise<Seen> {
  const complaints: string[] = []
  const context = await browser.newContext()
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.route('**/*', (route) => serve(files, route))
  const seen = { heading: '', text: '' }
  for (const [colorScheme, width] of [
    ['light', 1100],
    ['dark', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    await page.goto('http://app.test/')
    seen.heading = (await page.getByRole('heading', { level: 1 }).first().textContent()) ?? ''
    seen.text = (await page.locator('#root').textContent()) ?? ''
    complaints.push(...(await barriers(page)).map((barrier) => `${colorScheme}: ${barrier}`))
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (tooWide > 0) complaints.push(`At ${width} pixels the page is ${tooWide} too wide.`)
  }
  await context.close()
  return { ...seen, complaints }
}

function serve(files: Served, route: Route): Promise<void> {
  const path = new URL(route.request().url()).pathname
  const file = files.get(path === '/' ? '/index.html' : path)
  if (path === '/favicon.ico') return route.fulfill({ status: 204 })
  if (file === undefined) return route.fulfill({ status: 404 })
  const { type, content } = file
  return route.fulfill({
    body: typeof content === 'string' ? content : Buffer.from(content),
    contentType: `${type}; charset=utf-8`,
  })
}

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    return (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations
  })
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join('\n')}`)
}
