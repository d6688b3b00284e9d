/** What a person would see: the app checked by TypeScript, bundled by Vite, and opened in a browser. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser, Page, Route } from '@playwright/test'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import axe from 'axe-core'
import { build, type Rollup } from 'vite'
import { rootDir } from '../../../scripts/root.ts'
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

export async function bundle(root: string): Promise<Map<string, string | Uint8Array>> {
  const result = (await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [react(), tailwindcss()],
    build: { write: false, minify: false },
  })) as Rollup.RollupOutput
  return new Map(
    result.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  )
}

export type Seen = { heading: string; text: string; complaints: string[] }

/** Opens the app in both themes, on a desk and on a phone; complaints are of the console, of axe, and of what does not fit. */
export async function open(browser: Browser, files: Map<string, string | Uint8Array>): Promise<Seen> {
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

function serve(files: Map<string, string | Uint8Array>, route: Route): Promise<void> {
  const path = new URL(route.request().url()).pathname
  const body = files.get(path === '/' ? '/index.html' : path)
  if (path === '/favicon.ico') return route.fulfill({ status: 204 })
  if (body === undefined) return route.fulfill({ status: 404 })
  return route.fulfill({
    body: typeof body === 'string' ? body : Buffer.from(body),
    contentType: typeOf(path),
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

const typeOf = (path: string) =>
  path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html'
