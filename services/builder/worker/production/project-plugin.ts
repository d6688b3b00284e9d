/** Answers Vite for every file of the project from memory; Vite's own resolver sees packages of ours alone. */
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import type { BuildError } from '../../../../supabase/functions/_shared/protocol.ts'
import { endingOf } from '../app/media-type.ts'
import { resolveImport } from '../app/resolve.ts'
import { faultAt, placeOf } from '../faults.ts'
import { isScript, isStyle } from '../preview/compile.ts'
import type { Page } from '../preview/page.ts'

/** There is no such folder: what asks the disk for a file of the project finds nothing. */
export const ROOT = '/baton-app'
const EMPTY = '\0nothing'
const HERE = fileURLToPath(import.meta.url)

export function projectPlugin(
  files: ReadonlyMap<string, string>,
  page: Page,
  found: { styles: string[] },
): Plugin & { api: { faults: BuildError[] } } {
  const faults: BuildError[] = []
  const inline = new Map(page.scripts.flatMap(({ id, source }) => (source === null ? [] : [[id, source]])))
  const sourceOf = (path: string) => inline.get(path) ?? files.get(path)

  return {
    name: 'baton:project',
    enforce: 'pre',
    api: { faults },

    async resolveId(specifier, importer, options) {
      if (specifier.startsWith('\0')) return null
      if (options.isEntry && inside(specifier) !== null) return specifier
      const from = importer === undefined ? null : inside(importer)
      if (from === null) return null
      const path = from.split('?')[0]!
      const resolved = resolveImport(path, specifier, (candidate) => files.has(candidate))
      if (resolved.kind === 'package') return this.resolve(specifier, HERE, { ...options, skipSelf: true })
      if (resolved.kind === 'file') {
        if (isStyle(resolved.path) && resolved.query === '') {
          if (!found.styles.includes(resolved.path)) found.styles.push(resolved.path)
          return EMPTY
        }
        return `${ROOT}/${resolved.path}${resolved.query === '' ? '' : `?${resolved.query}`}`
      }
      const source = sourceOf(path) ?? ''
      const quoted = [`'${specifier}'`, `"${specifier}"`, `\`${specifier}\``]
      const offset = quoted.map((text) => source.indexOf(text)).find((at) => at >= 0)
      faults.push(
        faultAt(path, source, offset === undefined ? null : placeOf(source, offset + 1), resolved.why),
      )
      throw new Error(resolved.why)
    },

    load(id) {
      if (id === EMPTY) return ''
      const inner = inside(id)
      if (inner === null) return null
      const [path = '', query = ''] = inner.split('?')
      const source = sourceOf(path)
      if (source === undefined) throw new Error(`There is no file ${path}.`)
      if (query === 'raw' || query === 'inline')
        return { code: `export default ${JSON.stringify(source)}`, moduleType: 'js' }
      if (query === '' && (isScript(path) || endingOf(path) === 'json')) return source
      const name = path.slice(path.lastIndexOf('/') + 1)
      const reference = this.emitFile({ type: 'asset', name, source })
      return { code: `export default "__VITE_ASSET__${reference}__"`, moduleType: 'js' }
    },
  }
}

const inside = (id: string): string | null => (id.startsWith(`${ROOT}/`) ? id.slice(ROOT.length + 1) : null)
