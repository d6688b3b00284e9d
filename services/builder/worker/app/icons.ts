/**
 * An app draws a few of the two thousand icons of its icon package, which a preview would load and run in full: 1.4 MB, on
 * the address of each app anew. So the drawings of those that a module imports by name are written into the module, and
 * what makes a component of one is all that is left to load. The same drawing makes the same component in every module.
 * What is published needs none of this: there the rest falls away.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parse } from 'es-module-lexer'

const PACKAGE = 'lucide-react'
/** What a preview loads for it. */
export const ICON_MAKER = 'baton:icon'
export const ICON_MAKER_ENTRY = `import { createLucideIcon } from '${PACKAGE}'
const made = new Map()
export function makeIcon(drawing) {
  if (!made.has(drawing.name)) made.set(drawing.name, createLucideIcon(drawing))
  return made.get(drawing.name)
}
`

export const packageBehind = (specifier: string) => (specifier === ICON_MAKER ? PACKAGE : specifier)

/** Of code that a compiler wrote; it has as many lines as before. */
export function withDrawings(code: string): string {
  if (!code.includes(PACKAGE)) return code
  let text = ''
  let done = 0
  for (const { type, specifier, importStart, importEnd } of parse(code)[0]) {
    if (type !== 'static' || specifier !== PACKAGE) continue
    const drawn = drawnImport(code.slice(importStart, importEnd), importStart)
    if (drawn === null) continue
    text += code.slice(done, importStart) + drawn
    done = importEnd
  }
  return text + code.slice(done)
}

/** Null where more is asked for than icons by their names. */
function drawnImport(statement: string, number: number): string | null {
  const list = /^import\s*\{([^}]*)\}\s*from\s*["'][^"']+["']$/.exec(statement)?.[1]
  const names = (list ?? '').split(',').filter((name) => name.trim() !== '')
  const make = `$makeIcon${number}$`
  const icons = names.map((name) => {
    const [, imported = '', local = imported] = /^\s*([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(name) ?? []
    const drawing = drawingOf(imported)
    return drawing && `${local} = ${make}(${drawing})`
  })
  if (icons.length === 0 || icons.includes(null)) return null
  const lines = '\n'.repeat(statement.split('\n').length - 1)
  return `import { makeIcon as ${make} } from "${ICON_MAKER}"; const ${icons.join(', ')}${lines}`
}

const drawings = new Map<string, string | null>()
let files: Map<string, string> | undefined

function drawingOf(name: string): string | null {
  files ??= readNames()
  const file = files.get(name)
  if (file === undefined) return null
  const known = drawings.get(file)
  if (known !== undefined) return known
  const drawing = /const __iconData = (\{[\s\S]*?\n\});/.exec(readFileSync(file, 'utf8'))?.[1] ?? null
  const line = drawing?.replace(/\s*\n\s*/g, ' ') ?? null
  drawings.set(file, line)
  return line
}

/** The file of each icon, by all names that it has. */
function readNames(): Map<string, string> {
  const folder = join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '../esm')
  const index = readFileSync(join(folder, `${PACKAGE}.mjs`), 'utf8')
  const names = new Map<string, string>()
  for (const [, list = '', file = ''] of index.matchAll(
    /^export \{([^}]*)\} from '\.\/(icons\/[\w-]+\.mjs)'/gm,
  )) {
    for (const [, name = ''] of list.matchAll(/default as (\w+)/g)) names.set(name, join(folder, file))
  }
  return names
}
