/**
 * React, bundled and minified once for the life of the worker, as a chunk that every published app refers to: it is
 * CommonJS, so nothing of it ever falls away, and it would be most of the work of most builds. The chunk has the same name
 * and content in every app that uses it, so it is stored once, and stays what it is when an app is published again.
 */
import { createRequire } from 'node:module'
import { rolldown } from 'rolldown'
import { shortHash } from '../app/hash.ts'
import type { OutputFile } from '../messages.ts'

const SPECIFIERS = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client']
const FACADE = '\0react:'
const ENTRY = '\0react'

export type SharedReact = {
  /** How a module of it is known to the bundler, or null for any other import. */
  facadeOf(specifier: string): string | null
  /** The code of such a module: the same names, taken from the chunk. */
  codeOf(id: string): string | null
  chunk: OutputFile
}

let shared: Promise<SharedReact> | undefined

export function readSharedReact(): Promise<SharedReact> {
  shared ??= bundleReact().catch((error: unknown) => {
    shared = undefined
    throw error
  })
  return shared
}

async function bundleReact(): Promise<SharedReact> {
  const code = await bundled()
  const path = `/assets/react-${shortHash(code).slice(0, 8)}.js`
  return {
    facadeOf: (specifier) => (SPECIFIERS.includes(specifier) ? FACADE + specifier : null),
    codeOf: (id) => (id.startsWith(FACADE) ? facade(id.slice(FACADE.length), path) : null),
    chunk: { path, type: 'text/javascript', immutable: true, content: code },
  }
}

async function bundled(): Promise<string> {
  const bundle = await rolldown({
    input: { react: ENTRY },
    cwd: import.meta.dirname,
    platform: 'browser',
    preserveEntrySignatures: 'strict',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      {
        name: 'react',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? SPECIFIERS.map(exported).join('') : null),
      },
    ],
    onLog() {},
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return output[0].code
}

/** What they export by name is only known by asking them. */
const require = createRequire(import.meta.url)
const namesOf = (specifier: string) =>
  Object.keys(require(specifier) as object).filter(
    (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default',
  )
const prefixOf = (specifier: string) => `${specifier.replace(/\W/g, '_')}$`

function exported(specifier: string): string {
  const prefix = prefixOf(specifier)
  const names = namesOf(specifier).map((name) => `${name}: ${prefix}${name}`)
  return `import ${prefix} from '${specifier}'\nexport { ${prefix} }\nexport const { ${names.join(', ')} } = ${prefix}\n`
}

function facade(specifier: string, path: string): string {
  const prefix = prefixOf(specifier)
  const names = namesOf(specifier).map((name) => `${prefix}${name} as ${name}`)
  return `export { ${[`${prefix} as default`, ...names].join(', ')} } from '${path}'\n`
}
