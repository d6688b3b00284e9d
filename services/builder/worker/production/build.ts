/**
 * What is published: a minified build by Vite, with chunks and hashed names. Vite is given code alone, through a plugin
 * that answers for every file of the project from memory; the page and the stylesheets, through which Vite would look for
 * files on the disk, are made by us as in previews.
 */
import { optimize } from '@tailwindcss/node'
import { build, type Rolldown } from 'vite'
import { requireBounds } from '../app/bounds.ts'
import { environmentOf } from '../app/environment.ts'
import { shortHash } from '../app/hash.ts'
import { mediaType } from '../app/media-type.ts'
import { faultAt, ProjectFault } from '../faults.ts'
import type { Output, OutputFile, ProductionTask } from '../messages.ts'
import { type Page, readPage, writePage } from '../preview/page.ts'
import { createStyles } from '../preview/styles.ts'
import { faultsOf } from './faults-of.ts'
import { projectPlugin, ROOT } from './project-plugin.ts'
import { readSharedReact } from './shared-react.ts'

export async function buildProduction({ files: given, variables }: ProductionTask): Promise<Output> {
  const files = new Map(given.map(({ path, content }) => [path, content]))
  requireBounds(files)
  const page = pageOf(files)
  const { chunks, styles } = await bundle(files, page, variables)
  const { sheets, assets } = await stylesOf(files, styles)
  const outputs = [
    ...outputsOf(chunks),
    ...(await reactFor(chunks)),
    ...sheets,
    ...assets,
    ...publicFiles(files),
  ]
  return { files: [...outputs, document(page, chunks, sheets, variables)], graph: null, log: [] }
}

function pageOf(files: ReadonlyMap<string, string>): Page {
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

type Bundle = (Rolldown.OutputChunk | Rolldown.OutputAsset)[]

async function bundle(
  files: ReadonlyMap<string, string>,
  page: Page,
  variables: Record<string, string>,
): Promise<{ chunks: Bundle; styles: string[] }> {
  if (page.scripts.length === 0) return { chunks: [], styles: page.styles }
  const react = await readSharedReact()
  const plugin = projectPlugin(files, page, react)
  const environment = Object.entries(environmentOf('production', variables))
  try {
    const { output } = (await build({
      root: ROOT,
      configFile: false,
      envDir: false,
      publicDir: false,
      mode: 'production',
      logLevel: 'silent',
      css: { postcss: { plugins: [] } },
      define: Object.fromEntries(
        environment.map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)]),
      ),
      plugins: [plugin],
      build: {
        write: false,
        reportCompressedSize: false,
        assetsInlineLimit: 0,
        rolldownOptions: {
          input: Object.fromEntries(page.scripts.map(({ id }, index) => [entryName(index), `${ROOT}/${id}`])),
          onLog() {},
        },
      },
    })) as Rolldown.RolldownOutput
    return { chunks: output, styles: plugin.api.styles }
  } catch (error) {
    throw faultsOf(error, plugin.api.faults, files)
  }
}

const entryName = (index: number) => (index === 0 ? 'index' : `index${index + 1}`)

async function stylesOf(files: ReadonlyMap<string, string>, paths: string[]) {
  const styles = createStyles(files)
  styles.changed([], true)
  const { sheets, assets } = await styles.build(paths)
  const content = optimize(sheets.map((sheet) => sheet.content).join('\n'), { minify: true }).code
  const path = `/assets/index-${shortHash(content).slice(0, 8)}.css`
  const all: OutputFile[] =
    content.trim() === '' ? [] : [{ path, type: 'text/css', immutable: true, content }]
  return { sheets: all, assets }
}

function outputsOf(chunks: Bundle): OutputFile[] {
  return chunks.map((file): OutputFile => {
    const path = `/${file.fileName}`
    return {
      path,
      type: mediaType(path),
      immutable: true,
      content: file.type === 'chunk' ? file.code : file.source,
    }
  })
}

async function reactFor(chunks: Bundle): Promise<OutputFile[]> {
  const { chunk } = await readSharedReact()
  const isImported = chunks.some((file) => file.type === 'chunk' && file.imports.includes(chunk.path))
  return isImported ? [chunk] : []
}

function publicFiles(files: ReadonlyMap<string, string>): OutputFile[] {
  return [...files].flatMap(([path, content]): OutputFile[] =>
    path.startsWith('public/')
      ? [{ path: path.slice('public'.length), type: mediaType(path), immutable: false, content }]
      : [],
  )
}

function document(
  page: Page,
  chunks: Bundle,
  sheets: OutputFile[],
  variables: Record<string, string>,
): OutputFile {
  const entries = chunks.filter((file) => file.type === 'chunk' && file.isEntry) as Rolldown.OutputChunk[]
  const entryOf = (id: string) => entries.find(({ facadeModuleId }) => facadeModuleId === `${ROOT}/${id}`)
  const content = writePage(page, {
    importMap: null,
    preloads: [...new Set(entries.flatMap(({ imports }) => imports))].map((name) =>
      name.replace(/^\/?/, '/'),
    ),
    styles: sheets.map(({ path }) => path),
    addressOf: (id) => `/${entryOf(id)?.fileName ?? ''}`,
    environment: environmentOf('production', variables),
  })
  return { path: '/index.html', type: 'text/html', immutable: false, content }
}
