/**
 * Finds the element that stands at a place of a source file, and what of it is written there as plain words: its text
 * and its classes. What is computed is said to be so, never guessed at: it is changed in the chat.
 */
import { tsxLanguage } from '@codemirror/lang-javascript'
import { isTextual, textOfJsx } from './jsx-text.ts'

type SyntaxNode = ReturnType<typeof tsxLanguage.parser.parse>['topNode']

/** Lines and columns begin at 1. */
export type SourcePlace = { line: number; column: number }

/** `from` to `to` is what is replaced, in the way of writing that stands there. */
export type Literal = {
  value: string
  from: number
  to: number
  written: 'jsx' | 'attribute' | 'string' | 'new attribute'
}
/** `expression`: what computes it, when it is short enough to be named. */
export type Computed = { expression: string | null }
export type Words = Literal | Computed

export type FoundElement = { tag: string; text: Words | null; className: Words }

export const isLiteral = (words: Words | null): words is Literal => words !== null && 'from' in words

export function findElement(source: string, place: SourcePlace): FoundElement | null {
  const at = offsetOf(source, place)
  if (at === null) return null
  const tree = tsxLanguage.parser.parse(source)
  const element = elementAt(tree.resolveInner(at, 1), at)
  const opening = element?.firstChild
  if (!element || !opening) return null
  const name = opening.firstChild?.nextSibling
  const isWhole = opening.lastChild?.name === 'JSXEndTag' || opening.lastChild?.name === 'JSXSelfCloseEndTag'
  if (!name || !isWhole || name.name === 'JSXEndTag') return null
  const file = { source, top: tree.topNode }
  return {
    tag: source.slice(name.from, name.to),
    className: classNameOf(file, opening, name.to),
    text: opening.name === 'JSXOpenTag' ? textOf(file, element) : null,
  }
}

type File = { source: string; top: SyntaxNode }

function offsetOf(source: string, { line, column }: SourcePlace): number | null {
  let from = 0
  for (let before = 1; before < line; before += 1) {
    const end = source.indexOf('\n', from)
    if (end < 0) return null
    from = end + 1
  }
  const at = from + column - 1
  return at < source.length ? at : null
}

/** The place is that of the `<`. */
function elementAt(inner: SyntaxNode, at: number): SyntaxNode | null {
  for (let node: SyntaxNode | null = inner; node; node = node.parent) {
    if (node.name === 'JSXElement' && node.from === at) return node
    if (node.from < at) return null
  }
  return null
}

function classNameOf(file: File, opening: SyntaxNode, afterName: number): Words {
  const attributes = opening.getChildren('JSXAttribute')
  const attribute = attributes.find((one) => nameOf(file, one) === 'className')
  const hasSpread = opening.getChildren('JSXSpreadAttribute').length > 0
  if (!attribute) {
    if (hasSpread) return { expression: null }
    return { value: '', from: afterName, to: afterName, written: 'new attribute' }
  }
  const value = attribute.lastChild
  if (!value || value.name === 'JSXIdentifier') return { expression: null }
  if (value.name !== 'JSXAttributeValue') return wordsInBraces(file, value)
  return {
    value: textOfJsx(file.source.slice(value.from + 1, value.to - 1)),
    from: value.from,
    to: value.to,
    written: 'attribute',
  }
}

const nameOf = ({ source }: File, { firstChild }: SyntaxNode) =>
  firstChild ? source.slice(firstChild.from, firstChild.to) : ''

/** What is between the tags, when that is words alone: no element, and nothing computed beside them. */
function textOf(file: File, element: SyntaxNode): Words | null {
  const { source } = file
  const from = element.firstChild?.to ?? element.to
  const to = element.lastChild?.name === 'JSXCloseTag' ? element.lastChild.from : element.to
  const inside = childrenWithin(element, from, to)
  if (inside.some(({ name }) => name === 'JSXElement')) {
    return inside.some((one) => isTextual(source.slice(one.from, one.to)) && one.name === 'JSXText')
      ? { expression: null }
      : null
  }
  const computed = inside.filter(({ name }) => name === 'JSXEscape')
  if (computed.length === 0) {
    const written = source.slice(from, to)
    const start = from + (written.length - written.trimStart().length)
    const value = textOfJsx(written)
    return { value, from: start, to: Math.max(start, from + written.trimEnd().length), written: 'jsx' }
  }
  const rest = inside.filter((one) => one.name !== 'JSXEscape' && isTextual(source.slice(one.from, one.to)))
  const [only] = computed
  if (computed.length > 1 || rest.length > 0 || !only) return { expression: null }
  return wordsInBraces(file, only)
}

function childrenWithin(element: SyntaxNode, from: number, to: number): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.from >= from && node.to <= to) found.push(node)
  }
  return found
}

/** `{'words'}`, or `{name}` of a constant of the same file that is plain words. */
function wordsInBraces(file: File, braces: SyntaxNode): Words {
  const value = braces.firstChild?.nextSibling
  if (!value || value.name === '}') return { expression: null }
  const string = stringAt(file, value) ?? (value.name === 'VariableName' ? constant(file, value) : null)
  if (string) return string
  const expression = file.source.slice(value.from, value.to)
  return { expression: expression.length <= MOST_NAMED && !expression.includes('\n') ? expression : null }
}

const MOST_NAMED = 60

function stringAt({ source }: File, node: SyntaxNode): Literal | null {
  const written = source.slice(node.from, node.to)
  const isString = node.name === 'String'
  const isPlainTemplate = node.name === 'TemplateString' && !written.includes('${')
  if (!isString && !isPlainTemplate) return null
  const value = unquoted(written)
  return value === null ? null : { value, from: node.from, to: node.to, written: 'string' }
}

/** A name that is given once in the file; another one of the same name elsewhere could be meant. */
function constant(file: File, { from, to }: SyntaxNode): Literal | null {
  const name = file.source.slice(from, to)
  const given: SyntaxNode[] = []
  const cursor = file.top.cursor()
  do {
    if (cursor.name === 'VariableDefinition' && file.source.slice(cursor.from, cursor.to) === name)
      given.push(cursor.node)
  } while (cursor.next())
  const [only] = given
  if (given.length !== 1 || only?.parent?.name !== 'VariableDeclaration') return null
  if (only.parent.firstChild?.name !== 'const') return null
  const value = only.nextSibling?.name === 'Equals' ? only.nextSibling.nextSibling : null
  return value ? stringAt(file, value) : null
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' }

/** Null: has an escape that is too rare to be worth reading. */
function unquoted(written: string): string | null {
  const inside = written.slice(1, -1)
  if (/\\[xu1-9\n]/.test(inside)) return null
  return inside.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter)
}
