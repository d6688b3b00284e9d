/**
 * What a preview and the pane that frames it say to each other by postMessage. Imports nothing. Both sides read with the
 * functions below, which answer null to whatever is not exactly this and cut what is too long: an app in a preview is a
 * stranger that can send anything, so all texts here are texts, never markup, and never an address to open unasked.
 */
export const MESSAGE_VERSION = 1

/** A place in the project's files, or in what the browser ran where no source map knows better (`mapped: false`). */
export type Frame = { function: string; file: string; line: number; column: number; mapped: boolean }
export type Source = { file: string; line: number; column: number }

export type CaughtError = {
  id: string
  /** `update`: a hot update could not be put in place, and the page is loaded again. `resource`: a script or style did not load. */
  kind: 'error' | 'rejection' | 'update' | 'resource'
  name: string
  message: string
  frames: Frame[]
  /** Of the deployment that ran when it happened. */
  deployment: string
  path: string
  /** Milliseconds since 1970, by the clock of the browser. */
  at: number
  replayed: boolean
}

export const CONSOLE_LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number]
export type ConsoleLine = {
  id: string
  level: ConsoleLevel
  text: string
  /** Where it was called. */
  frame: Frame | null
  at: number
  replayed: boolean
}

export type PickedElement = {
  tag: string
  /** What is read in it, cut. */
  text: string
  /** It holds a single text and nothing else. */
  isPlainText: boolean
  classes: string
  attributes: Record<string, string>
  /** The nearest component, and where this very element is written. */
  component: string
  source: Source | null
  /** From the nearest component outwards; `source` is where it is used. */
  components: { name: string; source: Source | null }[]
  selector: string
  box: { x: number; y: number; width: number; height: number }
}

export type FromPreview =
  | { type: 'ready'; deployment: string; version: number; path: string; title: string }
  | { type: 'navigated'; path: string; title: string }
  /** `live`: hears of updates. `offline`: does not, for now. */
  | { type: 'connection'; state: 'live' | 'offline' }
  /** Painted. `ms`: since the last write that the deployment contains, null where a load had nothing to do with a write. */
  | {
      type: 'visible'
      deployment: string
      version: number
      how: 'opened' | 'hot' | 'reloaded'
      ms: number | null
      modules: number
    }
  | { type: 'error'; error: CaughtError }
  | { type: 'console'; line: ConsoleLine }
  | { type: 'picking'; on: boolean }
  | { type: 'picked'; element: PickedElement }
  | { type: 'outline'; request: string; text: string; isCut: boolean }

export type ToPreview =
  /** Tell me who you are; errors and console lines of before come again, as `replayed`. */
  | { type: 'hello' }
  | { type: 'go'; path: string }
  | { type: 'back' }
  | { type: 'forward' }
  | { type: 'reload' }
  | { type: 'pick'; on: boolean }
  | { type: 'outline'; request: string }

type Sent<Message> = Message & { baton: typeof MESSAGE_VERSION }
export const toSend = <Message extends FromPreview | ToPreview>(message: Message): Sent<Message> => ({
  ...message,
  baton: MESSAGE_VERSION,
})

const LIMITS = { word: 200, path: 2_000, message: 4_000, text: 8_000, outline: 24_000, frames: 30, list: 30 }

export function readFromPreview(data: unknown): FromPreview | null {
  const message = envelope(data)
  if (!message) return null
  switch (message.type) {
    case 'ready':
      return {
        type: 'ready',
        deployment: text(message.deployment, LIMITS.word),
        version: number(message.version),
        path: pathOf(message.path),
        title: text(message.title, LIMITS.word),
      }
    case 'navigated':
      return { type: 'navigated', path: pathOf(message.path), title: text(message.title, LIMITS.word) }
    case 'connection':
      return { type: 'connection', state: message.state === 'live' ? 'live' : 'offline' }
    case 'visible':
      return {
        type: 'visible',
        deployment: text(message.deployment, LIMITS.word),
        version: number(message.version),
        how: oneOf(['opened', 'hot', 'reloaded'] as const, message.how, 'opened'),
        ms: message.ms === null ? null : number(message.ms),
        modules: number(message.modules),
      }
    case 'error':
      return { type: 'error', error: errorOf(record(message.error)) }
    case 'console':
      return { type: 'console', line: lineOf(record(message.line)) }
    case 'picking':
      return { type: 'picking', on: message.on === true }
    case 'picked':
      return { type: 'picked', element: elementOf(record(message.element)) }
    case 'outline':
      return {
        type: 'outline',
        request: text(message.request, LIMITS.word),
        text: text(message.text, LIMITS.outline),
        isCut: message.isCut === true,
      }
    default:
      return null
  }
}

export function readToPreview(data: unknown): ToPreview | null {
  const message = envelope(data)
  if (!message) return null
  switch (message.type) {
    case 'hello':
    case 'back':
    case 'forward':
    case 'reload':
      return { type: message.type }
    case 'go': {
      const path = pathOf(message.path)
      return path ? { type: 'go', path } : null
    }
    case 'pick':
      return { type: 'pick', on: message.on === true }
    case 'outline':
      return { type: 'outline', request: text(message.request, LIMITS.word) }
    default:
      return null
  }
}

/** A path of the same origin, or nothing: `//elsewhere` and `/\elsewhere` lead away. */
export function pathOf(value: unknown): string {
  const path = text(value, LIMITS.path)
  const isLocal = path.startsWith('/') && !/^\/[/\\]/.test(path)
  const isClean = !Array.from(path).some((character) => character < ' ' || character === '\x7f')
  return isLocal && isClean ? path : ''
}

type Fields = Record<string, unknown>

function envelope(data: unknown): (Fields & { type: string }) | null {
  const fields = record(data)
  return fields.baton === MESSAGE_VERSION && typeof fields.type === 'string'
    ? (fields as Fields & { type: string })
    : null
}

const record = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const text = (value: unknown, limit: number): string =>
  typeof value === 'string' ? (value.length > limit ? `${value.slice(0, limit - 1)}…` : value) : ''
const number = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.max(-1e15, Math.min(1e15, value)) : 0
const list = (value: unknown, limit = LIMITS.list): unknown[] =>
  Array.isArray(value) ? value.slice(0, limit) : []
const oneOf = <Option>(options: readonly Option[], value: unknown, otherwise: Option): Option =>
  options.includes(value as Option) ? (value as Option) : otherwise

function errorOf(error: Fields): CaughtError {
  return {
    id: text(error.id, LIMITS.word),
    kind: oneOf(['error', 'rejection', 'update', 'resource'] as const, error.kind, 'error'),
    name: text(error.name, LIMITS.word),
    message: text(error.message, LIMITS.message),
    frames: list(error.frames, LIMITS.frames).map(record).map(frameOf),
    deployment: text(error.deployment, LIMITS.word),
    path: pathOf(error.path),
    at: number(error.at),
    replayed: error.replayed === true,
  }
}

function lineOf(line: Fields): ConsoleLine {
  return {
    id: text(line.id, LIMITS.word),
    level: oneOf(CONSOLE_LEVELS, line.level, 'log'),
    text: text(line.text, LIMITS.text),
    frame: line.frame ? frameOf(record(line.frame)) : null,
    at: number(line.at),
    replayed: line.replayed === true,
  }
}

const frameOf = (frame: Fields): Frame => ({
  function: text(frame.function, LIMITS.word),
  file: text(frame.file, LIMITS.path),
  line: number(frame.line),
  column: number(frame.column),
  mapped: frame.mapped === true,
})

function sourceOf(value: unknown): Source | null {
  const source = record(value)
  const file = text(source.file, LIMITS.path)
  return file ? { file, line: number(source.line), column: number(source.column) } : null
}

function elementOf(element: Fields): PickedElement {
  const box = record(element.box)
  const attributes = Object.entries(record(element.attributes)).slice(0, LIMITS.list)
  return {
    tag: text(element.tag, LIMITS.word),
    text: text(element.text, LIMITS.message),
    isPlainText: element.isPlainText === true,
    classes: text(element.classes, LIMITS.message),
    attributes: Object.fromEntries(
      attributes.map(([name, value]) => [text(name, LIMITS.word), text(value, LIMITS.word)]),
    ),
    component: text(element.component, LIMITS.word),
    source: sourceOf(element.source),
    components: list(element.components)
      .map(record)
      .map(({ name, source }) => ({ name: text(name, LIMITS.word), source: sourceOf(source) })),
    selector: text(element.selector, LIMITS.path),
    box: { x: number(box.x), y: number(box.y), width: number(box.width), height: number(box.height) },
  }
}
