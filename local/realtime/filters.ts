/**
 * The filter of a postgres_changes subscription: `column=operator.value`, joined by commas that mean AND, negated by
 * `not.`, with PostgREST's quoting for values that contain commas or parentheses.
 */
export const OPERATORS = [
  'eq',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'like',
  'ilike',
  'is',
  'match',
  'imatch',
  'isdistinct',
] as const
export type Operator = (typeof OPERATORS)[number]
export type Filter = { column: string; operator: Operator; negated: boolean; values: string[] }

export class MalformedFilter extends Error {
  override readonly name = 'MalformedFilter'
}

const MAX_IN_VALUES = 100

export function parseFilters(text: string): Filter[] {
  if (text.trim() === '') return []
  return splitTopLevel(text).map((segment) => parseFilter(segment.trim()))
}

function parseFilter(segment: string): Filter {
  if (segment === '') {
    throw new MalformedFilter('filter must not contain empty segments (check for extra commas)')
  }
  const equals = segment.indexOf('=')
  if (equals < 0) throw new MalformedFilter(JSON.stringify([segment]))
  const negated = segment.startsWith('not.', equals + 1)
  const condition = segment.slice(equals + (negated ? 5 : 1))
  const dot = condition.indexOf('.')
  if (dot < 0) throw new MalformedFilter(JSON.stringify([condition]))
  const [operator, value] = [condition.slice(0, dot), condition.slice(dot + 1)]
  if (!isOperator(operator)) throw new MalformedFilter(JSON.stringify([operator, value]))
  const values = operator === 'in' ? parseList(value) : [unquote(value)]
  return { column: segment.slice(0, equals), operator, negated, values }
}

function isOperator(name: string): name is Operator {
  return (OPERATORS as readonly string[]).includes(name)
}

function parseList(value: string): string[] {
  if (!value.startsWith('(') || !value.endsWith(')')) {
    throw new MalformedFilter('`in` filter value must be wrapped by parentheses')
  }
  const inner = value.slice(1, -1)
  const values = inner.trim() === '' ? [] : splitTopLevel(inner).map((item) => unquote(item.trim()))
  if (values.length > MAX_IN_VALUES) {
    throw new MalformedFilter(`too many values for \`in\` filter. Maximum ${MAX_IN_VALUES}`)
  }
  return values
}

/** Splits on commas that stand outside quotes and parentheses; a quote opens only at the start of a value. */
function splitTopLevel(text: string): string[] {
  const segments: string[] = []
  let start = 0
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (quoted) {
      if (character === '\\') index++
      else if (character === '"') quoted = false
    } else if (character === '"' && opensQuote(text, start, index)) quoted = true
    else if (character === '(') depth++
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (character === ',' && depth === 0) {
      segments.push(text.slice(start, index))
      start = index + 1
    }
  }
  return [...segments, text.slice(start)]
}

function opensQuote(text: string, start: number, index: number): boolean {
  return text.slice(start, index).trim() === '' || '.(,'.includes(text[index - 1] ?? ',')
}

function unquote(value: string): string {
  const quoted = /^"((?:[^"\\]|\\[\s\S])*)"$/.exec(value)
  return quoted ? quoted[1]!.replace(/\\([\s\S])/g, '$1') : value
}
