/**
 * One stylesheet of the project, compiled by Tailwind. `@import` finds files of the project and Tailwind's own
 * stylesheets; plugins and configurations are code of the project and never run. It stays warm: names of classes are
 * added as they appear in the project.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compile } from 'tailwindcss'
import { projectPath } from '../app/resolve.ts'
import { faultAt, ProjectFault, placeOf } from '../faults.ts'

export type Stylesheet = {
  /** What it was made of, by path; another text of any of them makes it anew. */
  sources: ReadonlyMap<string, string>
  build(candidates: string[]): string
}
export type ReadText = (path: string) => string | undefined

const OURS: Record<string, string> = {
  tailwindcss: 'index.css',
  'tailwindcss/index.css': 'index.css',
  'tailwindcss/index': 'index.css',
  'tailwindcss/theme': 'theme.css',
  'tailwindcss/theme.css': 'theme.css',
  'tailwindcss/preflight': 'preflight.css',
  'tailwindcss/preflight.css': 'preflight.css',
  'tailwindcss/utilities': 'utilities.css',
  'tailwindcss/utilities.css': 'utilities.css',
}
const MOST_IMPORTS = 500

export async function openStylesheet(path: string, read: ReadText): Promise<Stylesheet> {
  const sources = new Map<string, string>()
  const take = (from: string) => {
    const text = read(from)
    if (text === undefined) return undefined
    sources.set(from, text)
    return withRootedAddresses(from, text)
  }
  let imports = 0
  const loadStylesheet = async (id: string, base: string) => {
    if (++imports > MOST_IMPORTS)
      throw new Error(`More than ${MOST_IMPORTS} @imports: they seem to go in a circle.`)
    const ours = Object.hasOwn(OURS, id) ? OURS[id] : undefined
    if (ours) return { path: id, base: '/', content: tailwindText(ours) }
    const found = /^[a-z]+:|^\/\//i.test(id) ? null : styleOf(base, id, read)
    const content = found === null ? undefined : take(found)
    if (found === null || content === undefined) throw new Error(noSuchStylesheet(id))
    return { path: found, base: folderOf(found), content }
  }
  const loadModule = async (id: string, _base: string, hint: 'plugin' | 'config'): Promise<never> => {
    throw new Error(
      `@${hint} "${id}" is code, and a build runs no code of a project: write what it does with @theme, @utility and @custom-variant.`,
    )
  }
  const source = take(path)!
  try {
    const compiler = await compile(source, { base: folderOf(path), from: path, loadStylesheet, loadModule })
    return {
      sources,
      build: (candidates) => {
        try {
          return compiler.build(candidates)
        } catch (error) {
          throw faultOf(path, sources, error)
        }
      },
    }
  } catch (error) {
    throw faultOf(path, sources, error)
  }
}

function noSuchStylesheet(id: string): string {
  return `@import "${id}" finds nothing: a stylesheet imports "tailwindcss" and stylesheets of the project.`
}

function styleOf(base: string, id: string, read: ReadText): string | null {
  const wanted = projectPath(`${base.replace(/^\//, '')}/`.replace(/^\/$/, ''), id)
  if (wanted === null) return null
  return [wanted, `${wanted}.css`].find((path) => read(path) !== undefined) ?? null
}

const folderOf = (path: string) => `/${path.split('/').slice(0, -1).join('/')}`

/** Once inlined, a stylesheet has lost its folder: its own addresses are written from the root. */
function withRootedAddresses(path: string, text: string): string {
  return text.replace(
    /url\(\s*(['"]?)(\.{1,2}\/[^'")]+)\1\s*\)/g,
    (whole, quote: string, address: string) => {
      const rooted = projectPath(path, address)
      return rooted === null ? whole : `url(${quote}/${rooted}${quote})`
    },
  )
}

const require = createRequire(import.meta.url)
const texts = new Map<string, string>()
function tailwindText(name: string): string {
  const text = texts.get(name) ?? readFileSync(require.resolve(`tailwindcss/${name}`), 'utf8')
  texts.set(name, text)
  return text
}

type Located = Error & { loc?: [{ file?: string; code: string }, number, number] }

function faultOf(path: string, sources: ReadonlyMap<string, string>, thrown: unknown): ProjectFault {
  if (thrown instanceof ProjectFault) return thrown
  const error = thrown as Located
  const message = error.message.replace(/^[^\s:]+\.css:\d+:\d+: /, '')
  if (error.loc) {
    const [{ file = path, code }, offset] = error.loc
    const name = file.replace(/^\//, '')
    const text = sources.get(name) ?? code
    return new ProjectFault([faultAt(sources.has(name) ? name : path, text, placeOf(text, offset), message)])
  }
  const named = /[`"]([^`"]+)[`"]/.exec(message)?.[1]
  for (const [name, text] of sources) {
    const offset = named === undefined ? -1 : text.indexOf(named)
    if (offset >= 0) return new ProjectFault([faultAt(name, text, placeOf(text, offset), message)])
  }
  return new ProjectFault([faultAt(path, null, null, message)])
}
