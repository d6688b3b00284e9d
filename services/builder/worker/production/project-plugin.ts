/** Answers Vite for every file of the project from memory; Vite's own resolver sees packages of ours alone. */
import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'
import type { BuildError } from '../../../../supabase/functions/_shared/protocol.ts'
import { isCssModule, scopedModule } from '../app/css-module.ts'
import { endingOf } from '../app/media-type.ts'
import { resolveImport } from '../app/resolve.ts'
import { writtenOut } from '../app/written.ts'
import { faultAt, ProjectFault, placeOf } from '../faults.ts'
import { isScript, isStyle } from '../preview/compile.ts'
import type { Page } from '../preview/page.ts'
import type { SharedReact } from './shared-react.ts'

/** There is no such folder: what asks the disk for a file of the project finds nothing. */
export const ROOT = '/baton-app'
/** Stylesheets are compiled apart; in the code they leave their place, so that their order is known, and their names. */
const STYLE = '\0style:'
/** Vite takes what ends in .css for its own. */
const AS_CODE = '.js'
const HERE = fileURLToPath(import.meta.url)

type Found = { faults: BuildError[]; styles: string[] }

export function projectPlugin(
  files: ReadonlyMap<string, string>,
  page: Page,
  react: SharedReact,
): Plugin & { api: Found } {
  const api: Found = { faults: [], styles: [...page.styles] }
  const inline = new Map(page.scripts.flatMap(({ id, source }) => (source === null ? [] : [[id, source]])))
  const sourceOf = (path: string) => inline.get(path) ?? files.get(path)

  return {
    name: 'baton:project',
    enforce: 'pre',
    api,

    async resolveId(specifier, importer, options) {
      if (specifier.startsWith('\0')) return null
      if (importer !== undefined && react.codeOf(importer) !== null)
        return { id: specifier, external: 'absolute' }
      const facade = react.facadeOf(specifier)
      if (facade !== null) return { id: facade, moduleSideEffects: false }
      if (options.isEntry && inside(specifier) !== null) return specifier
      const from = importer === undefined ? null : inside(importer)
      if (from === null) return null
      const path = from.split('?')[0]!
      const resolved = resolveImport(path, specifier, (candidate) => files.has(candidate))
      if (resolved.kind === 'package') return this.resolve(specifier, HERE, { ...options, skipSelf: true })
      if (resolved.kind === 'file') {
        if (isStyle(resolved.path) && resolved.query === '') return `${STYLE}${resolved.path}${AS_CODE}`
        return `${ROOT}/${resolved.path}${resolved.query === '' ? '' : `?${resolved.query}`}`
      }
      const source = sourceOf(path) ?? ''
      const quoted = [`'${specifier}'`, `"${specifier}"`, `\`${specifier}\``]
      const offset = quoted.map((text) => source.indexOf(text)).find((at) => at >= 0)
      api.faults.push(
        faultAt(path, source, offset === undefined ? null : placeOf(source, offset + 1), resolved.why),
      )
      throw new Error(resolved.why)
    },

    load(id) {
      const style = styleOf(id)
      if (style !== null) return styleModule(style, files)
      const facade = react.codeOf(id)
      if (facade !== null) return facade
      const inner = inside(id)
      if (inner === null) return null
      const [path = '', query = ''] = inner.split('?')
      const source = sourceOf(path)
      if (source === undefined) throw new Error(`There is no file ${path}.`)
      if (query === 'raw' || query === 'inline') return textModule(source)
      if (query === '' && endingOf(path) === 'json') return source
      if (query === '' && isScript(path)) return script(path, source)
      const name = path.slice(path.lastIndexOf('/') + 1)
      const reference = this.emitFile({ type: 'asset', name, source })
      return { code: `export default "__VITE_ASSET__${reference}__"`, moduleType: 'js' }
    },

    buildEnd(error) {
      if (error) return
      for (const { id } of page.scripts) followStyles(`${ROOT}/${id}`, this, api.styles)
    },
  }

  function script(path: string, source: string): string {
    try {
      return writtenOut(path, source, files)
    } catch (error) {
      if (error instanceof ProjectFault) api.faults.push(...error.errors)
      throw error
    }
  }
}

const inside = (id: string): string | null => (id.startsWith(`${ROOT}/`) ? id.slice(ROOT.length + 1) : null)

const styleOf = (id: string): string | null =>
  id.startsWith(STYLE) ? id.slice(STYLE.length, -AS_CODE.length) : null

const textModule = (text: string) => ({
  code: `export default ${JSON.stringify(text)}`,
  moduleType: 'js' as const,
})

function styleModule(path: string, files: ReadonlyMap<string, string>) {
  const text = files.get(path) ?? ''
  if (!isCssModule(path)) return { ...textModule(text), moduleSideEffects: true }
  const { names } = scopedModule(path, text)
  return { code: `export default ${JSON.stringify(names)}`, moduleType: 'js' as const }
}

/** In the order in which a browser would run what imports them. */
function followStyles(
  first: string,
  { getModuleInfo }: Pick<Rolldown.PluginContext, 'getModuleInfo'>,
  styles: string[],
): void {
  const seen = new Set([first])
  const path = [{ imports: importsOf(first), next: 0 }]
  for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
    const id = at.imports[at.next++]
    if (id === undefined) path.pop()
    else if (!seen.has(id)) {
      seen.add(id)
      const style = styleOf(id)
      if (style !== null && !styles.includes(style)) styles.push(style)
      if (inside(id) !== null) path.push({ imports: importsOf(id), next: 0 })
    }
  }

  function importsOf(id: string): readonly string[] {
    const info = getModuleInfo(id)
    return info ? [...info.importedIds, ...info.dynamicallyImportedIds] : []
  }
}
