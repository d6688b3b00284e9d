/** What is on the page, as indented lines that a reader without eyes can follow. Passwords and the like are left out. */
import { textOf } from './described-element.ts'

const LONGEST = 20_000
const MOST_LINES = 500
const DEEPEST = 25
const SKIPPED = new Set(['SCRIPT', 'STYLE', 'LINK', 'META', 'NOSCRIPT', 'TEMPLATE', 'BATON-MARKER', 'HEAD'])
const PLAIN = new Set([
  'DIV',
  'SPAN',
  'SECTION',
  'ARTICLE',
  'MAIN',
  'P',
  'LI',
  'B',
  'STRONG',
  'EM',
  'I',
  'SMALL',
])

export function outlineOf(root: Element): { text: string; isCut: boolean } {
  const lines: string[] = []
  let length = 0
  let isCut = false

  const add = (depth: number, line: string) => {
    const full = '  '.repeat(depth) + line
    if (lines.length >= MOST_LINES || length + full.length > LONGEST) {
      isCut = true
      return
    }
    lines.push(full)
    length += full.length + 1
  }

  const walk = (element: Element, depth: number) => {
    if (isCut || SKIPPED.has(element.tagName) || !element.checkVisibility()) return
    const children = [...element.children].filter(({ tagName }) => !SKIPPED.has(tagName))
    const isDrawn = element.tagName.toLowerCase() === 'svg'
    const line = lineOf(element, children.length === 0)
    if (line) add(depth, line)
    if (isDrawn || depth >= DEEPEST) return
    for (const child of children) walk(child, line ? depth + 1 : depth)
  }

  walk(root, 0)
  return { text: lines.join('\n'), isCut }
}

/** Empty for what only groups other things. */
function lineOf(element: Element, isLeaf: boolean): string {
  const words = isLeaf ? textOf(element) : ownText(element)
  const facts = factsOf(element)
  if (PLAIN.has(element.tagName) && !words && facts.length === 0) return ''
  const text = words ? ` "${words.slice(0, 160)}"` : ''
  return `${element.tagName.toLowerCase()}${facts.length > 0 ? `[${facts.join(' ')}]` : ''}${text}`
}

const ownText = (element: Element) =>
  [...element.childNodes]
    .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
    .map(({ textContent }) => textContent ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()

const FACTS = ['id', 'role', 'aria-label', 'alt', 'placeholder', 'type', 'href', 'name', 'data-testid']

function factsOf(element: Element): string[] {
  const facts = FACTS.map((name) => [name, element.getAttribute(name)] as const)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${JSON.stringify(value?.slice(0, 80))}`)
  if ((element as HTMLButtonElement).disabled === true) facts.push('disabled')
  if ((element as HTMLInputElement).checked === true) facts.push('checked')
  const value = writtenIn(element)
  return value ? [...facts, `value=${JSON.stringify(value.slice(0, 80))}`] : facts
}

function writtenIn(element: Element): string {
  if (element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement) return element.value
  if (!(element instanceof HTMLInputElement)) return ''
  const isSecret =
    ['password', 'hidden', 'file'].includes(element.type) ||
    /password|cc-|one-time-code/.test(element.autocomplete)
  return isSecret || ['checkbox', 'radio', 'submit', 'button'].includes(element.type) ? '' : element.value
}
