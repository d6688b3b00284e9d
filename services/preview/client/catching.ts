/** Errors and console lines, told to the pane as they come, and kept for one that asks later. Never more than so many. */

import type { RawFrame } from '../map-frames.ts'
import {
  type CaughtError,
  CONSOLE_LEVELS,
  type ConsoleLevel,
  type ConsoleLine,
  type Frame,
} from '../messages.ts'
import type { Pane } from './pane.ts'
import { printed } from './printed.ts'
import { framesOf } from './stack.ts'

const KEPT = 50
/** A render that loops would say a million things. */
const IN_A_SECOND = 40

type MapFrames = (frames: RawFrame[]) => Promise<Frame[]>
export type Catching = {
  caught(kind: CaughtError['kind'], thrown: unknown, otherwise?: RawFrame): void
  replay(): void
}

export function catchEverything(pane: Pane, mapFrames: MapFrames, deployment: () => string): Catching {
  const errors: CaughtError[] = []
  const lines: ConsoleLine[] = []
  const mayTell = createLimit(IN_A_SECOND)
  let count = 0
  const newId = () => `${performance.timeOrigin.toFixed(0)}-${++count}`
  const keep = <Item>(list: Item[], item: Item) => {
    list.push(item)
    if (list.length > KEPT) list.shift()
  }

  const caught: Catching['caught'] = (kind, thrown, otherwise) => {
    if (!mayTell()) return
    const { name, message, stack } = described(thrown)
    const raw = framesOf(stack)
    const error: CaughtError = {
      id: newId(),
      kind,
      name,
      message,
      frames: [],
      deployment: deployment(),
      path: location.pathname + location.search + location.hash,
      at: Date.now(),
      replayed: false,
    }
    void mapFrames(raw.length > 0 || !otherwise ? raw : [otherwise]).then((frames) => {
      error.frames = frames
      keep(errors, error)
      pane.tell({ type: 'error', error })
    })
  }

  const printedLine = (level: ConsoleLevel, values: unknown[]) => {
    if (!mayTell()) return
    const line: ConsoleLine = {
      id: newId(),
      level,
      text: printed(values),
      frame: null,
      at: Date.now(),
      replayed: false,
    }
    void mapFrames(framesOf(new Error().stack, 1)).then(([frame]) => {
      line.frame = frame ?? null
      keep(lines, line)
      pane.tell({ type: 'console', line })
    })
  }

  window.addEventListener('error', (event) => onError(event, caught), true)
  window.addEventListener('unhandledrejection', ({ reason }) => caught('rejection', reason))
  for (const level of CONSOLE_LEVELS) {
    const original = console[level]
    console[level] = (...values: unknown[]) => {
      original.apply(console, values)
      printedLine(level, values)
      const error = level === 'error' && caughtByBoundary(values)
      if (error) caught('error', error)
    }
  }

  return {
    caught,
    replay() {
      for (const error of errors) pane.tell({ type: 'error', error: { ...error, replayed: true } })
      for (const line of lines) pane.tell({ type: 'console', line: { ...line, replayed: true } })
    },
  }
}

/** Of a script as well as of a file that did not load: that one's event does not bubble, and has no error. */
function onError(event: ErrorEvent | Event, caught: Catching['caught']): void {
  if (event instanceof ErrorEvent) {
    const { filename, lineno, colno, error, message } = event
    const place = { function: '', url: filename, line: lineno, column: colno }
    caught('error', error ?? message, filename ? place : undefined)
    return
  }
  const element = event.target
  if (!(element instanceof HTMLScriptElement || element instanceof HTMLLinkElement)) return
  const address = element instanceof HTMLScriptElement ? element.src : element.href
  caught('resource', new Error(`${address.replace(location.origin, '')} could not be loaded.`))
}

/** A boundary keeps its error from the window; React writes it to the console, and says that it does. */
function caughtByBoundary(values: unknown[]): Error | undefined {
  const isReact = values.some(
    (value) => typeof value === 'string' && /^The above error occurred in/.test(value),
  )
  return isReact ? values.find((value) => value instanceof Error) : undefined
}

function described(thrown: unknown): { name: string; message: string; stack?: string | undefined } {
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message, stack: thrown.stack }
  return { name: 'Error', message: typeof thrown === 'string' ? thrown : printed([thrown]) }
}

function createLimit(inASecond: number): () => boolean {
  let second = 0
  let told = 0
  return () => {
    const now = Math.floor(performance.now() / 1_000)
    if (now !== second) {
      second = now
      told = 0
    }
    return ++told <= inASecond
  }
}
