/** What a person would see: the app checked by TypeScript, bundled by Vite, and opened in a browser. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser } from '@playwright/test'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
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

export type Seen = { heading: string; text: string; errors: string[] }

export async function open(
  browser: Browser,
  files: Map<string, string | Uint8Array>,
  screenshot?: { path: string; width: number; colorScheme: 'light' | 'dark' },
): Promise<Seen> {
  const page = await browser.newPage({
    viewport: { width: screenshot?.width ?? 1100, height: 800 },
    colorScheme: screenshot?.colorScheme ?? 'light',
  })
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  await page.route('**/*', (route) => {
    const path = new URL(route.request().url()).pathname
    const body = files.get(path === '/' ? '/index.html' : path)
    if (path === '/favicon.ico') return route.fulfill({ status: 204 })
    if (body === undefined) return route.fulfill({ status: 404 })
    return route.fulfill({
      body: typeof body === 'string' ? body : Buffer.from(body),
      contentType: typeOf(path),
    })
  })
  await page.goto('http://app.test/')
  const heading = (await page.getByRole('heading', { level: 1 }).first().textContent({ timeout: 5000 })) ?? ''
  const text = (await page.locator('#root').textContent()) ?? ''
  if (screenshot) await page.screenshot({ path: screenshot.path, fullPage: true })
  await page.close()
  return { heading, text, errors }
}

const typeOf = (path: string) =>
  path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html'
