/** The project's index.html, with the addresses of what was built in the place of those of its sources. */
import { projectPath } from '../app/resolve.ts'

export type Page = { html: string; scripts: Script[]; styles: string[] }
/** A module of the project, or one that is written into the page. */
export type Script = { id: string; source: string | null; place: [start: number, end: number] }

const COMMENT = /<!--[\s\S]*?-->/g
const SCRIPT = /<script\b((?:"[^"]*"|'[^']*'|[^'">])*)>([\s\S]*?)<\/script\s*>/gi
const LINK = /<link\b((?:"[^"]*"|'[^']*'|[^'">])*)>/gi

export function readPage(html: string, has: (path: string) => boolean): Page {
  const hidden = html.replace(COMMENT, (comment) => ' '.repeat(comment.length))
  const scripts = [...hidden.matchAll(SCRIPT)].flatMap((match, index): Script[] => {
    const [whole, attributes = '', body = ''] = match
    if (attributeOf(attributes, 'type')?.toLowerCase() !== 'module') return []
    const place: [number, number] = [match.index, match.index + whole.length]
    const src = attributeOf(attributes, 'src')
    if (src === undefined) return [{ id: `index.html.${index}.js`, source: body, place }]
    const path = projectPath('index.html', src)
    return path !== null && has(path) ? [{ id: path, source: null, place }] : []
  })
  const styles = [...hidden.matchAll(LINK)].flatMap(([, attributes = '']) => {
    const path = styleIn(attributes)
    return path !== null && has(path) ? [path] : []
  })
  return { html, scripts, styles }
}

export type PageParts = {
  importMap: Record<string, string> | null
  preloads: string[]
  styles: string[]
  addressOf(id: string): string
  /** For `%NAME%` in the page. */
  environment: Record<string, string | boolean>
}

export function writePage(
  page: Page,
  { importMap, preloads, styles, addressOf, environment }: PageParts,
): string {
  let html = ''
  let done = 0
  for (const { id, place } of page.scripts) {
    html += `${page.html.slice(done, place[0])}<script type="module" src="${addressOf(id)}"></script>`
    done = place[1]
  }
  html += page.html.slice(done)
  html = html.replace(LINK, (link, attributes: string) => {
    const path = styleIn(attributes)
    return path !== null && page.styles.includes(path) ? '' : link
  })
  html = html.replace(/%(\w+)%/g, (whole, name: string) =>
    Object.hasOwn(environment, name) ? escaped(String(environment[name])) : whole,
  )
  const head = [
    ...(importMap ? [`<script type="importmap">${JSON.stringify({ imports: importMap })}</script>`] : []),
    ...styles.map((url, index) => `<link rel="stylesheet" href="${url}" data-baton-css="${index}">`),
    ...preloads.map((url) => `<link rel="modulepreload" href="${url}">`),
  ].join('\n    ')
  return atStartOfHead(html, head)
}

function atStartOfHead(html: string, text: string): string {
  const found =
    /<head(\s[^>]*)?>/i.exec(html) ?? /<html(\s[^>]*)?>/i.exec(html) ?? /<!doctype[^>]*>/i.exec(html)
  const at = found ? found.index + found[0].length : 0
  return `${html.slice(0, at)}\n    ${text}${html.slice(at)}`
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

function styleIn(attributes: string): string | null {
  const href = attributeOf(attributes, 'href')
  const isStylesheet = attributeOf(attributes, 'rel')?.toLowerCase() === 'stylesheet'
  return isStylesheet && href !== undefined && !/^([a-z]+:|\/\/)/i.test(href)
    ? projectPath('index.html', href)
    : null
}

function attributeOf(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(
    attributes,
  )
  return found ? (found[1] ?? found[2] ?? found[3]) : undefined
}
