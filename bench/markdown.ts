/**
 * 45 KB of markdown, 30 characters every 10 ms, into a chat of 1,000 answers: how long until the last word is there, the
 * longest task, the worst frame, the heap. Ours is the conversation of the app with its own fold; beside it, on the same
 * page and with the same words, react-markdown (with remark-gfm) and streamdown, used as they say. The budget: no task
 * over 50 ms.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { build, type Rolldown } from 'vite'
import { ROOT_DIR } from '../local/testing/throwaway.ts'
import config from '../vite.config.ts'
import { startBrowser } from './browser.ts'
import { report } from './measure.ts'

const LIBRARIES = ['baton', 'react-markdown', 'streamdown'] as const
type Library = (typeof LIBRARIES)[number]
type Streamed = { total: number; worstFrame: number; worstTask: number; longTasks: number }

const server = await serve(await buildPage())
const browser = await startBrowser()
const results = new Map<Library, Awaited<ReturnType<typeof measure>>>()
try {
  for (const library of LIBRARIES) results.set(library, await measure(browser, library))
} finally {
  await browser.close()
  server.close()
}

const ours = results.get('baton')!
for (const library of LIBRARIES.slice(1)) {
  const theirs = results.get(library)!
  const line = (what: string, unit: string, key: keyof typeof ours) =>
    report(`45 KB of markdown into 1,000 answers, beside ${library}: ${what}`, unit, ours[key], theirs[key])
  line('until the last word is there', 'ms', 'total')
  line('longest task', 'ms', 'worstTask')
  line('tasks over 50 ms', 'tasks', 'longTasks')
  line('worst frame', 'ms', 'worstFrame')
  line('heap afterwards', 'MB', 'heap')
  line('drawing the chat', 'ms', 'drawn')
}

/** A page of its own for each, so that none pays for another. */
async function measure(where: Browser, library: Library) {
  const page = await where.newPage({ viewport: { width: 1000, height: 900 } })
  page.on('pageerror', (error) => process.stderr.write(`${library}: ${error.message}\n`))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const began = performance.now()
  await page.evaluate(`bench.draw(${JSON.stringify(library)})`)
  await page.waitForFunction(
    () =>
      document.body.textContent?.includes('use-stored-998') ||
      document.body.textContent?.includes('Step 995'),
  )
  const drawn = performance.now() - began
  const streamed = await page.evaluate<Streamed>(`bench.stream(${JSON.stringify(library)})`)
  const heap = await page.evaluate<number>('gc(), performance.memory.usedJSHeapSize / 1_048_576')
  await page.close()
  return { ...streamed, drawn, heap }
}

async function buildPage(): Promise<Map<string, string | Uint8Array>> {
  const { plugins } = config({ command: 'build', mode: 'production' })
  const { output } = (await build({
    configFile: false,
    root: ROOT_DIR,
    logLevel: 'silent',
    mode: 'production',
    plugins: plugins ?? [],
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: join(ROOT_DIR, 'bench/pages/markdown.html') },
    },
  })) as Rolldown.RolldownOutput
  return new Map(output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]))
}

async function serve(files: Map<string, string | Uint8Array>) {
  const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', html: 'text/html' }
  const made = createServer(({ url = '/' }, response) => {
    const file = files.get(url === '/' ? '/bench/pages/markdown.html' : url)
    if (file === undefined) return void response.writeHead(404).end()
    response.setHeader('content-type', types[url.split('.').at(-1) ?? ''] ?? 'text/html').end(file)
  })
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return made
}
