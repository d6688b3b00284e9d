/** All stylesheets of a project, and the names of classes that may be in its files. */
import { Scanner } from '@tailwindcss/oxide'
import { isCssModule, scopedModule } from '../app/css-module.ts'
import { shortHash } from '../app/hash.ts'
import { endingOf, mediaType } from '../app/media-type.ts'
import { projectPath } from '../app/resolve.ts'
import type { OutputFile } from '../messages.ts'
import { isStyle } from './compile.ts'
import { openStylesheet, type Stylesheet } from './stylesheet.ts'

export type Styles = { sheets: OutputFile[]; assets: OutputFile[] }

const LARGEST_SCANNED = 512 * 1024

export function createStyles(files: ReadonlyMap<string, string>) {
  const open = new Map<string, Stylesheet>()
  let candidates = new Set<string>()
  let unscanned = new Set<string>()

  return {
    changed(paths: string[], everything: boolean): void {
      if (everything) {
        candidates = new Set()
        unscanned = new Set(files.keys())
      }
      for (const path of paths) unscanned.add(path)
    },

    async build(paths: string[]): Promise<Styles> {
      scan()
      for (const path of open.keys()) if (!paths.includes(path)) open.delete(path)
      const styles: Styles = { sheets: [], assets: [] }
      for (const path of paths) addSheet((await stylesheetOf(path)).build([...candidates]), styles)
      return styles
    },
  }

  /** The content is given, so that the scanner reads no file. */
  function scan(): void {
    for (const path of unscanned) {
      const content = files.get(path)
      if (content === undefined || isStyle(path) || content.length > LARGEST_SCANNED) continue
      const scanned = new Scanner({ sources: [] }).scanFiles([
        { content, extension: endingOf(path) || 'txt' },
      ])
      for (const candidate of scanned) candidates.add(candidate)
    }
    unscanned.clear()
  }

  function read(path: string): string | undefined {
    const text = files.get(path)
    return text !== undefined && isCssModule(path) ? scopedModule(path, text).text : text
  }

  async function stylesheetOf(path: string): Promise<Stylesheet> {
    const known = open.get(path)
    if (known && [...known.sources].every(([source, text]) => read(source) === text)) return known
    const opened = await openStylesheet(path, read)
    open.set(path, opened)
    return opened
  }

  function addSheet(text: string, { sheets, assets }: Styles): void {
    const content = text.replace(/url\(\s*(['"]?)(\/[^'")]+)\1\s*\)/g, (whole, _quote, address: string) => {
      const path = projectPath('', address.split(/[?#]/)[0]!)
      const source = path === null ? undefined : files.get(path)
      if (path === null || source === undefined || path.startsWith('public/')) return whole
      const target = `/@a/${shortHash(source)}.${endingOf(path) || 'bin'}`
      assets.push({ path: target, type: mediaType(path), immutable: true, content: source })
      return `url("${target}")`
    })
    sheets.push({ path: `/@css/${shortHash(content)}.css`, type: 'text/css', immutable: true, content })
  }
}
