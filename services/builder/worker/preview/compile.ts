/** One file of the project as an ES module of its own, with the places where addresses of other modules are put in later. */
import { init, parse } from 'es-module-lexer'
import { transformSync } from 'rolldown/utils'
import { isCssModule, scopedModule } from '../app/css-module.ts'
import { shortHash } from '../app/hash.ts'
import { withDrawings } from '../app/icons.ts'
import type { Query } from '../app/resolve.ts'
import { faultAt, ProjectFault, plain } from '../faults.ts'

await init

export type Compiled = {
  code: string
  map: SourceMap | null
  references: Reference[]
  /** Registers components with react-refresh. */
  refresh: boolean
  /** Of the code before addresses are put in. */
  own: string
}
export type SourceMap = {
  mappings: string
  sources: string[]
  sourcesContent?: (string | null)[]
  names: string[]
}
/** `start` and `end` are those of the specifier in the code, without quotes when it is static. */
export type Reference = {
  specifier: string
  start: number
  end: number
  statement: [start: number, end: number]
  lazy: boolean
  /** Nothing is taken from it: it is imported for what it does. */
  bare: boolean
}

const SCRIPT = /\.(tsx?|jsx?|mts|mjs)$/
export const isScript = (path: string) => SCRIPT.test(path)
export const isStyle = (path: string) => path.endsWith('.css')

/** `original` is what people wrote, where `source` had to be written in another way. */
export function compileScript(
  path: string,
  source: string,
  environment: string,
  original = source,
): Compiled {
  const lang = path.endsWith('.ts') || path.endsWith('.mts') ? 'ts' : path.endsWith('.tsx') ? 'tsx' : 'jsx'
  const { code, map, errors } = transformSync(path, source, {
    lang,
    sourceType: 'module',
    sourcemap: true,
    tsconfig: false,
    target: 'es2022',
    jsx: { runtime: 'automatic', development: true, refresh: true },
  })
  if (errors.length > 0) {
    throw new ProjectFault(
      errors.map((error) =>
        faultAt(
          path,
          source,
          (error as { loc?: { line: number; column: number } }).loc ?? null,
          sentence(error.message),
        ),
      ),
    )
  }
  const refresh = code.includes('$RefreshReg$(') || code.includes('$RefreshSig$(')
  const head = `${refresh ? refreshHead(path) : ''}${code.includes('import.meta.env') ? `import.meta.env = ${environment}; ` : ''}`
  const drawn = withDrawings(code)
  const headed = head === '' ? drawn : `${head}\n${drawn}`
  return {
    code: headed,
    map: map
      ? {
          ...map,
          sources: [`/${path}`],
          sourcesContent: [original],
          mappings: `${head === '' ? '' : ';'}${map.mappings}`,
        }
      : null,
    references: referencesIn(headed),
    refresh,
    own: shortHash(headed),
  }
}

/** The hooks of the client in the page; without it the module runs all the same. */
const refreshHead = (path: string) =>
  `const { register: $RefreshReg$, signature: $RefreshSig$ } = globalThis.__batonModule?.(${JSON.stringify(path)}) ?? { register() {}, signature: () => (type) => type }; `

/** What an import of a file that is no script gives. */
export function compileText(path: string, source: string, query: Query, address: string): Compiled {
  const code = textModule(path, source, query, address)
  return { code, map: null, references: [], refresh: false, own: shortHash(code) }
}

function textModule(path: string, source: string, query: Query, address: string): string {
  if (query === '' && isCssModule(path))
    return jsonModule(path, JSON.stringify(scopedModule(path, source).names))
  if (query === 'raw') return `export default ${JSON.stringify(source)}\n`
  if (query === '' && path.endsWith('.json')) return jsonModule(path, source)
  if (query === 'inline' || (query === '' && isStyle(path)))
    return `export default ${JSON.stringify(source)}\n`
  return `export default ${JSON.stringify(address)}\n`
}

function jsonModule(path: string, source: string): string {
  const value = readJson(path, source)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `export default ${JSON.stringify(value)}\n`
  }
  const names = Object.keys(value).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name))
  return `const value = ${JSON.stringify(value)}\nexport default value\n${names
    .map((name) => `const $${name} = value[${JSON.stringify(name)}]; export { $${name} as ${name} }\n`)
    .join('')}`
}
const RESERVED = new Set(['default'])

function readJson(path: string, source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    throw new ProjectFault([faultAt(path, source, null, `This is not JSON: ${(error as Error).message}`)])
  }
}

function referencesIn(code: string): Reference[] {
  const [imports] = parse(code)
  return imports.flatMap((found): Reference[] => {
    if (found.type === 'import-meta' || typeof found.specifier !== 'string') return []
    const lazy = found.type === 'dynamic'
    const { importStart, importEnd } = found
    const statement = code.slice(importStart, importEnd)
    return [
      {
        specifier: found.specifier,
        start: found.start + (lazy ? 1 : 0),
        end: found.end - (lazy ? 1 : 0),
        statement: [importStart, importEnd],
        lazy,
        bare: !lazy && /^import\s*["']/.test(statement),
      },
    ]
  })
}

/** The compiler's own words, without its drawing of the place and its code. */
function sentence(message: string): string {
  const [first = ''] = plain(message).split('\n')
  return first.replace(/^\[\w+\]\s*/, '') || plain(message)
}
