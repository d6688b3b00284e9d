/** Words as JSX shows them, and as they are written in it. */

/** Lines are joined by one space, empty ones vanish, entities become their letters. */
export function textOfJsx(written: string): string {
  return withoutEntities(
    written
      .replace(/[ \t]*\r?\n\s*/g, '\n')
      .trim()
      .replaceAll('\n', ' '),
  )
}

export const isTextual = (written: string) => written.trim() !== ''

export const asJsx = (text: string) =>
  text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/[<>{}]/g, (letter) => WRITTEN[letter] ?? letter)
    .replaceAll('\n', ' ')

export const asAttribute = (text: string) =>
  `"${text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', ' ')}"`

/** In the quotes that stood there. */
export function asString(text: string, quote: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)
  if (quote === '`') return `\`${escaped.replaceAll('${', '\\${')}\``
  return `${quote}${escaped.replaceAll('\n', '\\n')}${quote}`
}

const WRITTEN: Record<string, string> = { '<': '&lt;', '>': '&gt;', '{': '&#123;', '}': '&#125;' }

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  rarr: '→',
  larr: '←',
  times: '×',
  middot: '·',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
}

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
