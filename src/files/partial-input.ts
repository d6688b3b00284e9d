/**
 * Reads what a model has typed of a tool's input so far: the start of a JSON object, cut anywhere. Only the strings at
 * its top level are of interest; the one that is being typed is given as far as it goes, without half of a character.
 */
export function readPartialInput(json: string): Record<string, string> {
  const found: Record<string, string> = {}
  let at = skip(json, 0, SPACE)
  if (json[at] !== '{') return found
  at += 1
  while (at < json.length) {
    at = skip(json, at, BETWEEN)
    if (json[at] !== '"') return found
    const key = readString(json, at)
    if (!key.isClosed) return found
    at = skip(json, key.end, SPACE)
    if (json[at] !== ':') return found
    at = skip(json, at + 1, SPACE)
    if (json[at] !== '"') {
      at = skipValue(json, at)
      continue
    }
    const value = readString(json, at)
    found[key.text] = value.text
    at = value.end
  }
  return found
}

const SPACE = /[\s]/
const BETWEEN = /[\s,]/

function skip(json: string, from: number, what: RegExp): number {
  let at = from
  while (at < json.length && what.test(json[at] as string)) at += 1
  return at
}

type Read = { text: string; end: number; isClosed: boolean }

function readString(json: string, from: number): Read {
  let text = ''
  let at = from + 1
  while (at < json.length) {
    const stop = nextSpecial(json, at)
    text += json.slice(at, stop)
    at = stop
    if (json[at] === '"') return { text, end: at + 1, isClosed: true }
    if (json[at] !== '\\') break
    const escaped = readEscape(json, at)
    if (!escaped) break
    text += escaped.text
    at = escaped.end
  }
  return { text: withoutHalf(text), end: json.length, isClosed: false }
}

function nextSpecial(json: string, from: number): number {
  for (let at = from; at < json.length; at += 1) if (json[at] === '"' || json[at] === '\\') return at
  return json.length
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

function readEscape(json: string, at: number): { text: string; end: number } | null {
  const letter = json[at + 1]
  if (letter === undefined) return null
  if (letter !== 'u') return { text: ESCAPES[letter] ?? letter, end: at + 2 }
  const digits = json.slice(at + 2, at + 6)
  if (digits.length < 4) return null
  return { text: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 }
}

/** The second half of a pair of surrogates has not been typed yet. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text
}

/** A number, a word, or something nested: its end, or that of the text. */
function skipValue(json: string, from: number): number {
  let depth = 0
  let at = from
  while (at < json.length) {
    const letter = json[at] as string
    if (letter === '"') {
      at = readString(json, at).end
      continue
    }
    if (letter === '{' || letter === '[') depth += 1
    else if (letter === '}' || letter === ']') depth -= 1
    if (depth < 0 || (depth === 0 && letter === ',')) return at
    at += 1
  }
  return at
}
