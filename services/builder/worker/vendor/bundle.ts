/**
 * The packages that apps may use, bundled once for each installation, for previews: development builds, so that React
 * can refresh components and says in full what is wrong. Every file is named for its content, and shared by all projects.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { init, parse } from 'es-module-lexer'
import { type OutputChunk, rolldown } from 'rolldown'
import { allowedImports } from '../../../../supabase/functions/_shared/allowed-dependencies.ts'
import { shortHash } from '../app/hash.ts'
import { ICON_MAKER, ICON_MAKER_ENTRY } from '../app/icons.ts'
import type { Vendor, VendorFile } from '../messages.ts'
import { inOrderOfImports } from '../preview/circles.ts'

/** React's own packages are CommonJS: what they export by name is only known by asking them. */
const COMMON_JS = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client', 'react-refresh/runtime']
const JSX = 'react/jsx-dev-runtime'
const ENTRY = 'vendor:'

export async function bundleVendor(): Promise<{ vendor: Vendor; files: VendorFile[] }> {
  await init
  const specifiers = [...allowedImports(), 'react-refresh/runtime', ICON_MAKER]
  const bundle = await rolldown({
    input: Object.fromEntries(
      specifiers.map((specifier, index) => [`entry${index}`, `${ENTRY}${specifier}`]),
    ),
    cwd: import.meta.dirname,
    platform: 'browser',
    preserveEntrySignatures: 'strict',
    transform: { define: { 'process.env.NODE_ENV': '"development"' } },
    resolve: { conditionNames: ['browser', 'import', 'module', 'development', 'default'] },
    plugins: [
      {
        name: 'entries',
        resolveId: (id) => (id.startsWith(ENTRY) ? `\0${id}` : null),
        load: (id) => (id.startsWith(`\0${ENTRY}`) ? entryOf(id.slice(ENTRY.length + 1)) : null),
      },
    ],
    onLog() {},
  })
  const { output } = await bundle.generate({
    format: 'esm',
    minify: { compress: false, mangle: false, codegen: true },
    minifyInternalExports: false,
  })
  await bundle.close()
  const chunks = output.filter((file) => file.type === 'chunk')
  const named = namedByContent(chunks)
  const imports = Object.fromEntries(
    specifiers.map((specifier, index) => {
      const chunk = chunks.find(({ name, isEntry }) => isEntry && name === `entry${index}`)!
      return [
        specifier,
        [`/@v/${named.get(chunk.fileName)!.name}`, reachedFrom(chunk.fileName, chunks, named)] as const,
      ]
    }),
  )
  return {
    vendor: {
      id: shortHash(...[...named.values()].map(({ name }) => name).sort()),
      imports: Object.fromEntries(
        Object.entries(imports).map(([specifier, [address]]) => [specifier, address]),
      ),
      preloads: Object.fromEntries(Object.entries(imports).map(([specifier, [, all]]) => [specifier, all])),
    },
    files: [...named.values()],
  }
}

const require = createRequire(import.meta.url)

function entryOf(specifier: string): string {
  if (specifier === JSX) return JSX_ENTRY
  if (specifier === ICON_MAKER) return ICON_MAKER_ENTRY
  if (!COMMON_JS.includes(specifier)) return `export * from '${specifier}'\n${defaultOf(specifier)}`
  const names = Object.keys(require(specifier) as object).filter(
    (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default',
  )
  return `import all from '${specifier}'\nexport default all\nexport const { ${names.join(', ')} } = all\n`
}

/** `export *` leaves the default out, and most packages have none. */
const WITH_DEFAULT = new Set(['clsx', 'zod'])
const defaultOf = (specifier: string) =>
  WITH_DEFAULT.has(specifier) ? `export { default } from '${specifier}'\n` : ''

/** Tells who looks on in the page where each element was written; in the DOM nothing of it is to be seen. */
const JSX_ENTRY = `import all from '${JSX}'
export const Fragment = all.Fragment
export function jsxDEV(type, props, key, isStatic, source, self) {
  const element = all.jsxDEV(type, props, key, isStatic, source, self)
  if (source && globalThis.__batonElement) {
    globalThis.__batonElement(element.props, { ...source, fileName: '/' + source.fileName })
  }
  return element
}
`

/** From those that import nothing upwards, since a name is in the text of those that import it. */
function namedByContent(chunks: OutputChunk[]): Map<string, VendorFile> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const named = new Map<string, VendorFile>()
  for (const group of inOrderOfImports(byName.keys(), (name) => byName.get(name)!.imports)) {
    if (group.length > 1) throw new Error(`Packages import each other in a circle: ${group.join(', ')}.`)
    const chunk = byName.get(group[0]!)!
    const content = withNames(chunk.code, named)
    named.set(chunk.fileName, { name: `${createHash('sha256').update(content).digest('hex')}.js`, content })
  }
  return named
}

function withNames(code: string, named: ReadonlyMap<string, VendorFile>): string {
  let text = ''
  let done = 0
  for (const found of parse(code)[0]) {
    if (found.type === 'import-meta' || typeof found.specifier !== 'string') continue
    const target = named.get(found.specifier.replace(/^\.\//, ''))
    if (!target) continue
    const quote = found.type === 'dynamic' ? 1 : 0
    text += `${code.slice(done, found.start + quote)}./${target.name}`
    done = found.end - quote
  }
  return text + code.slice(done)
}

function reachedFrom(first: string, chunks: OutputChunk[], named: ReadonlyMap<string, VendorFile>): string[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const reached = new Set<string>()
  const left = [first]
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    left.push(...byName.get(name)!.imports)
  }
  return [...reached].map((name) => `/@v/${named.get(name)!.name}`)
}
