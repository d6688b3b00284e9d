/**
 * What Vite understands in code beside imports, written out as imports before anything is compiled, so that there is one
 * way only from a file to another: `import.meta.glob(…)`, and `new URL('./file', import.meta.url)`.
 */
import type { BuildError } from '../../../../supabase/functions/_shared/protocol.ts'
import { faultAt, ProjectFault, placeOf } from '../faults.ts'
import { filesMatching } from './glob.ts'

const TEXT = `'[^'\\n]*'|"[^"\\n]*"|\`[^\`$\\n]*\``
const GLOB = new RegExp(
  `import\\.meta\\.glob\\s*(?:<[^()]*?>)?\\(\\s*(${TEXT}|\\[[^\\]]*\\])\\s*(?:,\\s*(\\{[^}]*\\}))?\\s*,?\\s*\\)`,
  'g',
)
const ADDRESS = /new\s+URL\(\s*(['"`])(\.{1,2}\/[^'"`$\n]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g
const SCRIPT = /\.(tsx?|jsx?|mts|mjs)$/

/** The same number of lines as before. */
export function writtenOut(path: string, source: string, files: ReadonlyMap<string, unknown>): string {
  if (!source.includes('import.meta.')) return source
  const imports: string[] = []
  const faults: BuildError[] = []
  const add = (what: string, from: string) => {
    const name = `__baton${imports.length}`
    imports.push(`import ${what.replace('$', name)} from ${JSON.stringify(from)};`)
    return name
  }
  const text = source
    .replace(GLOB, (whole, patterns: string, options: string = '') => {
      const found = filesMatching(path, textsIn(patterns), files.keys()).filter(([, file]) => file !== path)
      return `${objectOf(found, options, add)}${'\n'.repeat(whole.split('\n').length - 1)}`
    })
    .replace(ADDRESS, (whole, _quote, address: string, offset: number) => {
      if (!SCRIPT.test(address)) return `new URL(${add('$', `${address}?url`)}, import.meta.url)`
      const message = `"${address}" is code in an address of its own, as a worker is: that is not built here.`
      faults.push(faultAt(path, source, placeOf(source, Math.min(offset, source.length)), message))
      return whole
    })
  if (faults.length > 0) throw new ProjectFault(faults)
  return imports.length === 0 ? text : `${imports.join(' ')} ${text}`
}

const textsIn = (written: string): string[] =>
  (written.match(new RegExp(TEXT, 'g')) ?? []).map((text) => text.slice(1, -1))

type Add = (what: string, from: string) => string

function objectOf(found: [key: string, path: string][], options: string, add: Add): string {
  const named = /\bimport\s*:\s*['"]([\w$*]+)['"]/.exec(options)?.[1]
  const query =
    /\bquery\s*:\s*['"](\?\w+)['"]/.exec(options)?.[1] ??
    asQuery(/\bas\s*:\s*['"](\w+)['"]/.exec(options)?.[1])
  const isEager = /\beager\s*:\s*true\b/.test(options)
  const only = named ?? (query && /\bas\s*:/.test(options) ? 'default' : undefined)
  const entries = found.map(([key, path]) => {
    const from = `/${path}${query ?? ''}`
    const name = JSON.stringify(key)
    if (isEager) return `${name}: ${add(only && only !== '*' ? `{ ${only} as $ }` : '* as $', from)}`
    const loaded = `() => import(${JSON.stringify(from)})`
    return `${name}: ${only && only !== '*' ? `${loaded}.then((all) => all[${JSON.stringify(only)}])` : loaded}`
  })
  return `({ ${entries.join(', ')} })`
}

const asQuery = (as: string | undefined) => (as === 'raw' || as === 'url' ? `?${as}` : undefined)
