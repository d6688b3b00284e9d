/**
 * Which file of the project, or which package, an import means. It looks at the paths of the project alone and never at a
 * disk, so that nothing outside the project can be meant.
 */
import { refusalOfImport } from '../../../../supabase/functions/_shared/allowed-dependencies.ts'

export type Resolved =
  | { kind: 'file'; path: string; query: Query }
  | { kind: 'package'; specifier: string }
  | { kind: 'refused'; why: string }

export type Query = '' | 'raw' | 'url' | 'inline'

const ENDINGS = [
  '.tsx',
  '.ts',
  '.jsx',
  '.js',
  '.mts',
  '.mjs',
  '.json',
  '/index.tsx',
  '/index.ts',
  '/index.jsx',
  '/index.js',
]
const QUERIES = new Set<string>(['', 'raw', 'url', 'inline'])
/** As TypeScript does it: `./a.js` may be written for `./a.ts`. */
const WRITTEN_AS_JS: [RegExp, string[]][] = [
  [/\.js$/, ['.ts', '.tsx']],
  [/\.jsx$/, ['.tsx']],
  [/\.mjs$/, ['.mts']],
]

export function resolveImport(importer: string, specifier: string, has: (path: string) => boolean): Resolved {
  const [bare = '', query = ''] = specifier.split(/\?(.*)/s, 2)
  if (!isPath(bare)) return resolvePackage(specifier)
  const wanted = projectPath(importer, bare)
  if (wanted === null) {
    return refused(
      `"${specifier}" leads out of the project: an app imports its own files and allowed packages only.`,
    )
  }
  if (!QUERIES.has(query)) {
    return refused(
      `"?${query}" is not known here; after the name of a file there may be ?raw, ?url or ?inline.`,
    )
  }
  const path = findFile(wanted, has)
  if (path === null) return refused(`There is no file "${bare}" (looked for ${wanted} in the project).`)
  return { kind: 'file', path, query: query as Query }
}

/** Of a path as it stands in an import or an address: from the root with `/` or `@/`, else beside the importer. */
export function projectPath(importer: string, path: string): string | null {
  if (path.startsWith('@/')) return normalised(`src/${path.slice(2)}`)
  if (path.startsWith('/')) return normalised(path.slice(1))
  return normalised(`${importer.slice(0, importer.lastIndexOf('/') + 1)}${path}`)
}

const isPath = (specifier: string) => /^(\.{1,2}(\/|$)|\/|@\/)/.test(specifier)
const refused = (why: string): Resolved => ({ kind: 'refused', why })

function resolvePackage(specifier: string): Resolved {
  const why = refusalOfImport(specifier)
  return why === null ? { kind: 'package', specifier } : refused(why)
}

/** Null when it leaves the root. */
function normalised(path: string): string | null {
  if (path.includes('\\') || path.includes('\0')) return null
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

function findFile(wanted: string, has: (path: string) => boolean): string | null {
  if (has(wanted)) return wanted
  for (const [written, endings] of WRITTEN_AS_JS) {
    const found = written.test(wanted)
      ? endings.map((ending) => wanted.replace(written, ending)).find(has)
      : undefined
    if (found) return found
  }
  const ending = ENDINGS.find((candidate) => has(wanted === '' ? candidate.slice(1) : wanted + candidate))
  return ending === undefined ? null : wanted === '' ? ending.slice(1) : wanted + ending
}
