import type { Literal } from './jsx-element.ts'
import { asAttribute, asJsx, asString } from './jsx-text.ts'

/** The source with other words in the place of a literal, and everything else as it was. */
export function replaceWords(source: string, literal: Literal, value: string): string {
  return source.slice(0, literal.from) + written(source, literal, value) + source.slice(literal.to)
}

function written(source: string, { written, from }: Literal, value: string): string {
  switch (written) {
    case 'jsx':
      return asJsx(value)
    case 'attribute':
      return asAttribute(value)
    case 'new attribute':
      return value === '' ? '' : ` className=${asAttribute(value)}`
    case 'string':
      return asString(value, source[from] ?? "'")
  }
}
