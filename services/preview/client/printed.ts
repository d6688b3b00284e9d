/** What was given to the console, as a text: like a browser prints it, and never more than so much of it. */
const LARGEST = 8_000
const DEEPEST = 3
const WIDEST = 20

export function printed(values: unknown[]): string {
  const [first, ...rest] = values
  const parts =
    typeof first === 'string' && /%[sdifoOc]/.test(first)
      ? filled(first, rest)
      : values.map((value) => (typeof value === 'string' ? value : show(value, 0)))
  return parts.join(' ').slice(0, LARGEST)
}

function filled(format: string, values: unknown[]): string[] {
  const rest = [...values]
  const text = format.replace(/%([sdifoOc%])/g, (match, kind: string) => {
    if (kind === '%') return '%'
    if (rest.length === 0) return match
    const value = rest.shift()
    if (kind === 'c') return ''
    return typeof value === 'string' ? value : show(value, 0)
  })
  return [text, ...rest.map((value) => (typeof value === 'string' ? value : show(value, 0)))]
}

function show(value: unknown, depth: number): string {
  try {
    return inWords(value, depth)
  } catch {
    return '[cannot be shown]' // a getter or a proxy that throws
  }
}

function inWords(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 1_000))
  if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Error)
    return value.stack?.includes(value.message) ? value.stack : `${value.name}: ${value.message}`
  if (value instanceof Element) return `<${value.tagName.toLowerCase()}>`
  if (value instanceof Date) return value.toISOString()
  if (depth >= DEEPEST) return Array.isArray(value) ? '[…]' : '{…}'
  if (Array.isArray(value)) {
    const shown = value.slice(0, WIDEST).map((item) => show(item, depth + 1))
    return `[${[...shown, ...(value.length > WIDEST ? [`… ${value.length - WIDEST} more`] : [])].join(', ')}]`
  }
  const keys = Object.keys(value)
  const shown = keys
    .slice(0, WIDEST)
    .map((key) => `${key}: ${show((value as Record<string, unknown>)[key], depth + 1)}`)
  const name = value.constructor?.name
  const more = keys.length > WIDEST ? [`… ${keys.length - WIDEST} more`] : []
  return `${name && name !== 'Object' ? `${name} ` : ''}{${[...shown, ...more].join(', ')}}`
}
