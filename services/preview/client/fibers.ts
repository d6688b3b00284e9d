/** What React knows of an element: which components drew it, and where each piece of JSX is written. */
import type { Source } from '../messages.ts'

type Fiber = { type: unknown; memoizedProps: object | null; return: Fiber | null }
type JsxSource = { fileName: string; lineNumber: number; columnNumber: number }

const sources = new WeakMap<object, JsxSource>()

/** Each element that JSX makes is told here with its props, which React keeps as they are. */
export function noteElements(): void {
  const hooks = globalThis as { __batonElement?: (props: object, source: JsxSource) => void }
  hooks.__batonElement = (props, source) => {
    sources.set(props, source)
  }
}

export function fiberOf(element: Element): Fiber | null {
  const key = Object.keys(element).find((name) => name.startsWith('__reactFiber$'))
  return key ? ((element as unknown as Record<string, Fiber>)[key] ?? null) : null
}

export function sourceOf(fiber: Fiber | null): Source | null {
  const source = fiber?.memoizedProps && sources.get(fiber.memoizedProps)
  if (!source) return null
  const { fileName, lineNumber, columnNumber } = source
  return { file: fileName.replace(/^\//, ''), line: lineNumber, column: columnNumber }
}

const MOST = 12

/** From the nearest outwards. */
export function componentsOf(fiber: Fiber | null): { name: string; source: Source | null }[] {
  const found: { name: string; source: Source | null }[] = []
  for (let at = fiber?.return ?? null; at && found.length < MOST; at = at.return) {
    const name = nameOf(at.type)
    if (name) found.push({ name, source: sourceOf(at) })
  }
  return found
}

/** Functions and classes, also in memo and forwardRef. */
function nameOf(type: unknown): string {
  if (typeof type === 'function') return (type as { displayName?: string }).displayName ?? type.name
  if (typeof type !== 'object' || type === null) return ''
  const {
    displayName,
    render,
    type: inner,
  } = type as { displayName?: string; render?: unknown; type?: unknown }
  return displayName ?? nameOf(render ?? inner)
}
