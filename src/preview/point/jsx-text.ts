/** Words as JSX shows them, and as they are written in it. */
import { withoutEntities } from '../../entities.ts'

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
