/** The JavaScript that `index.html` makes a browser load before anything is clicked, beside react-dom alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildApp } from '../local/app/build.ts'
import { ROOT_DIR, silentLog } from '../local/testing/throwaway.ts'
import { report } from './measure.ts'
import { reactAlone } from './react-alone.ts'

const dist = join(ROOT_DIR, 'dist')
await buildApp(ROOT_DIR, silentLog)
const html = readFileSync(join(dist, 'index.html'), 'utf8')
const ours = scriptsOf(html).map((path) => gzipped(readFileSync(join(dist, path))))
report(
  'initial JS, gzip',
  'bytes',
  sum(ours),
  gzipped(await reactAlone(`export { createRoot } from 'react-dom/client'`)),
)

/** The entry, and the chunks that it imports: Vite lists them as preloads. */
function scriptsOf(page: string): string[] {
  const entries = [...page.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)]
  const preloads = [...page.matchAll(/<link[^>]*\srel="modulepreload"[^>]*\shref="([^"]+)"/g)]
  return [...entries, ...preloads].map(([, path = '']) => path)
}

function gzipped(content: string | Buffer): number {
  return gzipSync(content, { level: 9 }).length
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
