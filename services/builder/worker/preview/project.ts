/**
 * One project in memory, kept warm between builds: what was compiled stays until its text changes, so a build costs what
 * changed and not what there is.
 */
import { createHash } from 'node:crypto'
import { requireBounds } from '../app/bounds.ts'
import { isCssModule } from '../app/css-module.ts'
import { environmentOf } from '../app/environment.ts'
import { shortHash } from '../app/hash.ts'
import { ICON_MAKER, packageBehind } from '../app/icons.ts'
import { endingOf, mediaType } from '../app/media-type.ts'
import { type Query, resolveImport } from '../app/resolve.ts'
import { unlisted } from '../app/unlisted.ts'
import { writtenOut } from '../app/written.ts'
import { faultAt, ProjectFault, placeOf } from '../faults.ts'
import type { Graph, GraphModule, Output, OutputFile, PreviewTask, Vendor } from '../messages.ts'
import { type Compiled, compileScript, compileText, isScript, isStyle, type Reference } from './compile.ts'
import { addressesOf, codeOf, type Linkable, linkable, type Target } from './link.ts'
import { type Page, readPage, writePage } from './page.ts'
import { createStyles } from './styles.ts'

/** Grows with every change of what the builder makes of the same sources, since an address never means another text. */
const FORMAT = '2'

export type Project = { readonly version: number; build(task: PreviewTask): Promise<Output> }

export function createProject(): Project {
  const files = new Map<string, string>()
  const made = new Map<string, Made>()
  const texts = new Map<string, { address: string; code: string }>()
  let sent = new Set<string>()
  const styles = createStyles(files)
  let version = -1
  /** Grows when a file comes or goes, which is when an import may find another one. */
  let listing = 0

  async function build(task: PreviewTask): Promise<Output> {
    change(task)
    version = task.version
    requireBounds(files)
    const environment = JSON.stringify(environmentOf('development', task.variables))
    const page = pageOf()
    const found = follow(page, environment)
    const { sheets, assets } = await styles.build(found.styles)
    const addresses = addressesOf(found.modules)
    const outputs = [
      ...modulesOf(found.modules, addresses),
      ...sheets,
      ...assets,
      ...found.assets.values(),
      ...publicFiles(),
      document(page, found, addresses, sheets, task),
    ]
    return {
      files: onlyNew(outputs),
      graph: graphOf(page, found, addresses, sheets, task.vendor),
      log: found.log,
    }
  }

  function change({ base, files: changed, removed }: PreviewTask): void {
    if (base === null) files.clear()
    if (removed.length > 0 || changed.some(({ path }) => !files.has(path))) listing++
    for (const path of removed) files.delete(path)
    for (const { path, content } of changed) files.set(path, content)
    styles.changed([...removed, ...changed.map(({ path }) => path)], base === null)
  }

  function pageOf(): Page {
    const html = files.get('index.html')
    if (html !== undefined) return readPage(html, (path) => files.has(path))
    throw new ProjectFault([
      faultAt(
        'index.html',
        null,
        null,
        'There is no index.html, which is where an app begins: write one that loads /src/main.tsx.',
      ),
    ])
  }

  function follow(page: Page, environment: string): Found {
    const found: Found = { modules: new Map(), styles: [...page.styles], assets: new Map(), log: [] }
    const faults: ProjectFault['errors'] = []
    const inline = new Map(page.scripts.flatMap(({ id, source }) => (source === null ? [] : [[id, source]])))
    const visit = (id: string, source: string, query: Query) => {
      try {
        const module = moduleOf(id, source, query, environment, found)
        found.modules.set(id, module)
        return module
      } catch (error) {
        if (!(error instanceof ProjectFault)) throw error
        faults.push(...error.errors)
        found.modules.set(id, linkable(id, '', NOTHING, []))
        return null
      }
    }
    // Depth first, as a browser runs them, so that stylesheets come in the order in which they are imported.
    const walk = (first: string) => {
      const path: { module: Linkable; next: number }[] = []
      const open = (id: string) => {
        if (found.modules.has(id)) return
        const [file = '', query = ''] = inline.has(id) ? [id] : id.split('?')
        const module = visit(id, inline.get(id) ?? files.get(file) ?? '', query as Query)
        if (module) path.push({ module, next: 0 })
      }
      open(first)
      for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
        const number = at.next++
        const reference = at.module.compiled.references[number]
        const target = at.module.targets[number]
        if (!reference || !target) path.pop()
        else if (typeof target === 'object') open(target.to)
        else if (target === 'dropped') addStyle(at.module.id, reference, found)
      }
    }
    for (const { id } of page.scripts) walk(id)
    found.log.push(...unlisted(packagesIn(found.modules, true).map(packageBehind), files.get('package.json')))
    if (faults.length > 0) throw new ProjectFault(faults)
    return found
  }

  function addStyle(importer: string, { specifier }: Reference, found: Found): void {
    const resolved = resolveImport(importer, specifier, (path) => files.has(path))
    if (resolved.kind === 'file' && !found.styles.includes(resolved.path)) found.styles.push(resolved.path)
  }

  function moduleOf(id: string, source: string, query: Query, environment: string, found: Found): Linkable {
    const path = id.split('?')[0]!
    const isCode = query === '' && isScript(path)
    const last = made.get(id)
    const isAsBefore = last?.source === source && last.listing === listing && last.environment === environment
    if (isCode && isAsBefore) return last.module
    const text = isCode ? writtenOut(path, source, files) : source
    if (query === '' && isCssModule(path) && !found.styles.includes(path)) found.styles.push(path)
    const asset = isAsset(path, query) ? assetOf(path, source, found) : null
    const key = shortHash(FORMAT, text, isCode ? environment : (asset ?? ''))
    const compiled =
      last?.module.hash === key
        ? last.module.compiled
        : isCode
          ? compileScript(path, text, environment, source)
          : compileText(path, source, query, asset ?? '')
    const module = linkable(id, key, compiled, targetsOf(path, source, compiled))
    made.set(id, { source, listing, environment, module })
    return module
  }

  function targetsOf(path: string, source: string, { references }: Compiled): Target[] {
    const faults: ProjectFault['errors'] = []
    const targets = references.map((reference): Target => {
      if (reference.specifier === ICON_MAKER) return 'kept'
      const resolved = resolveImport(path, reference.specifier, (candidate) => files.has(candidate))
      if (resolved.kind === 'package') return 'kept'
      if (resolved.kind === 'file') {
        if (isStyle(resolved.path) && resolved.query === '' && reference.bare) return 'dropped'
        return { to: resolved.query === '' ? resolved.path : `${resolved.path}?${resolved.query}` }
      }
      faults.push(faultAt(path, source, whereWritten(source, reference.specifier), resolved.why))
      return 'kept'
    })
    if (faults.length > 0) throw new ProjectFault(faults)
    return targets
  }

  /** A file of the deployment; what is imported is its address. */
  function assetOf(path: string, source: string, found: Found): string {
    const address = `/@a/${shortHash(source)}.${endingOf(path) || 'bin'}`
    found.assets.set(address, { path: address, type: mediaType(path), immutable: true, content: source })
    return address
  }

  function modulesOf(modules: Found['modules'], addresses: Map<string, string>): OutputFile[] {
    const outputs = [...modules.values()].map((module): OutputFile => {
      const address = addresses.get(module.id)!
      const known = texts.get(module.id)
      const code = known?.address === address ? known.code : codeOf(module, addresses)
      texts.set(module.id, { address, code })
      return { path: address, type: 'text/javascript', immutable: true, content: code }
    })
    for (const id of texts.keys()) if (!modules.has(id)) texts.delete(id)
    for (const id of made.keys()) if (!modules.has(id)) made.delete(id)
    return outputs
  }

  function publicFiles(): OutputFile[] {
    return [...files].flatMap(([path, content]): OutputFile[] =>
      path.startsWith('public/')
        ? [{ path: path.slice('public'.length), type: mediaType(path), immutable: false, content }]
        : [],
    )
  }

  function document(
    page: Page,
    { modules }: Found,
    addresses: Map<string, string>,
    sheets: OutputFile[],
    { vendor, variables }: PreviewTask,
  ): OutputFile {
    const shared = packagesIn(modules, false).flatMap((specifier) => vendor.preloads[specifier] ?? [])
    const content = writePage(page, {
      importMap: vendor.imports,
      preloads: [...new Set(shared), ...[...reachedAtOnce(page, modules)].map((id) => addresses.get(id)!)],
      styles: sheets.map(({ path }) => path),
      addressOf: (id) => addresses.get(id)!,
      environment: environmentOf('development', variables),
    })
    return { path: '/index.html', type: 'text/html', immutable: false, content }
  }

  /** What the worker's holder has by now is not sent to it again. */
  function onlyNew(outputs: OutputFile[]): OutputFile[] {
    const before = sent
    const hashed = outputs.map((file) => ({
      file,
      hash: file.immutable ? file.path : `${file.path} ${hashOf(file.content!)}`,
    }))
    sent = new Set(hashed.map(({ hash }) => hash))
    return hashed.map(({ file, hash }) => (before.has(hash) ? { ...file, content: null } : file))
  }

  return {
    get version() {
      return version
    },
    build,
  }
}

type Found = {
  modules: Map<string, Linkable>
  styles: string[]
  assets: Map<string, OutputFile>
  log: string[]
}
/** A module, and all that it was made of. */
type Made = { source: string; listing: number; environment: string; module: Linkable }
const NOTHING: Compiled = { code: '', map: null, references: [], refresh: false, own: '' }

const isAsset = (path: string, query: Query) =>
  query === 'url' || (query === '' && !isScript(path) && !isStyle(path) && !path.endsWith('.json'))

const hashOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')

function packagesIn(modules: ReadonlyMap<string, Linkable>, withLazy: boolean): string[] {
  const packages = new Set<string>()
  for (const { compiled, targets } of modules.values()) {
    compiled.references.forEach(({ specifier, lazy }, index) => {
      if (targets[index] === 'kept' && (withLazy || !lazy)) packages.add(specifier)
    })
  }
  return [...packages]
}

function reachedAtOnce(page: Page, modules: ReadonlyMap<string, Linkable>): Set<string> {
  const reached = new Set<string>()
  const left = page.scripts.map(({ id }) => id)
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    left.push(...modules.get(id)!.imports)
  }
  return reached
}

function graphOf(
  page: Page,
  { modules }: Found,
  addresses: Map<string, string>,
  sheets: OutputFile[],
  vendor: Vendor,
): Graph {
  const described = [...modules.values()].map(({ id, compiled, imports, lazy }): [string, GraphModule] => [
    id,
    { url: addresses.get(id)!, own: compiled.own, imports, lazy, refresh: compiled.refresh },
  ])
  return {
    html: shortHash(page.html),
    vendor: vendor.id,
    entries: page.scripts.map(({ id }) => id),
    css: sheets.map(({ path }) => path),
    modules: Object.fromEntries(described),
  }
}

/** The compiler tells where an import is in what it made; here it is looked for in what was written. */
function whereWritten(source: string, specifier: string): { line: number; column: number } | null {
  const quoted = [`'${specifier}'`, `"${specifier}"`, `\`${specifier}\``]
  const offset = quoted.map((text) => source.indexOf(text)).find((at) => at >= 0)
  return offset === undefined ? null : placeOf(source, offset + 1)
}
