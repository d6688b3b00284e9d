/**
 * What the page in the preview has said: its errors and the lines of its console. A fold over its messages, bounded,
 * since an app can say as much as it likes.
 */
import type { CaughtError, ConsoleLine, Frame, FromPreview } from '../../services/preview/messages.ts'
import type { PreviewError as ReportedError } from '../../supabase/functions/_shared/protocol.ts'
import { withoutAddresses } from './stacks.ts'

export type SeenError = CaughtError & { count: number }
export type PreviewLog = {
  errors: SeenError[]
  lines: ConsoleLine[]
  /** Of the lines, those that are not kept any more. */
  dropped: number
  /** What runs in the page now. */
  deployment: string | null
  /** The last line that an earlier version wrote. */
  pastLine: string | null
}

export const EMPTY_LOG: PreviewLog = { errors: [], lines: [], dropped: 0, deployment: null, pastLine: null }

const MOST_ERRORS = 50
const MOST_LINES = 500
/** A change in place is told when it is painted, and what it writes comes before that. */
const PAINTING_MS = 1_000

/** `at` is when it came. */
export function applyMessage(log: PreviewLog, message: FromPreview, at: number): PreviewLog {
  switch (message.type) {
    case 'ready':
    case 'visible':
      if (message.deployment === log.deployment) return log
      return {
        ...log,
        deployment: message.deployment,
        pastLine: lastLineBefore(log, isHot(message) ? at - PAINTING_MS : at),
      }
    case 'error':
      return { ...log, errors: withError(log.errors, message.error) }
    case 'console':
      return withLine(log, message.line)
    default:
      return log
  }
}

const isHot = (message: FromPreview) => message.type === 'visible' && message.how === 'hot'

const lastLineBefore = ({ lines }: PreviewLog, moment: number): string | null =>
  lines.findLast((line) => line.at <= moment)?.id ?? null

function withError(errors: SeenError[], error: CaughtError): SeenError[] {
  if (errors.some(({ id }) => id === error.id)) return errors
  const same = errors.find(
    (one) => one.deployment === error.deployment && signatureOf(one) === signatureOf(error),
  )
  const others = errors.filter((one) => one !== same)
  return [...others, { ...error, count: (same?.count ?? 0) + 1 }].slice(-MOST_ERRORS)
}

function withLine(log: PreviewLog, line: ConsoleLine): PreviewLog {
  if (log.lines.some(({ id }) => id === line.id)) return log
  const lines = [...log.lines, { ...line, text: withoutAddresses(line.text) }]
  const over = Math.max(0, lines.length - MOST_LINES)
  return { ...log, lines: over ? lines.slice(over) : lines, dropped: log.dropped + over }
}

/** What the version that is shown has written. */
export const presentLines = ({ lines, pastLine }: PreviewLog): ConsoleLine[] =>
  lines.slice(lines.findIndex(({ id }) => id === pastLine) + 1)

/** Two errors of the same signature are one that came twice. */
export function signatureOf({
  name,
  message,
  frames,
}: Pick<CaughtError, 'name' | 'message' | 'frames'>): string {
  const [first] = frames
  return [name, message, first?.file, first?.line].join('\n')
}

/** An error to look at: seen in this window, or told by somebody else who has the preview open. */
export type Fault = {
  key: string
  title: string
  frames: Frame[]
  path: string
  count: number
  /** Who told of it, if it was not this window that saw it. */
  toldBy: string | null
}

/** Of what is shown now, newest first. What earlier versions did is past. */
export function faultsOf(
  log: PreviewLog,
  reported: readonly ReportedError[],
  deployment: string | null,
): Fault[] {
  const here = log.errors
    .filter((error) => deployment === null || error.deployment === deployment)
    .map(asFault)
    .reverse()
  const known = new Set(here.map(({ title }) => title))
  const elsewhere = reported
    .filter(
      (error) => error.kind !== 'console' && error.deployment_id === deployment && !known.has(error.message),
    )
    .map(asToldFault)
  return [...here, ...elsewhere]
}

function asFault(error: SeenError): Fault {
  const { id, frames, path, count } = error
  return { key: id, title: titleOf(error), frames, path, count, toldBy: null }
}

function asToldFault({ id, message, frames, path, count, reported_by }: ReportedError): Fault {
  return {
    key: id,
    title: message,
    frames: frames.map((frame) => ({
      function: frame.function ?? '',
      file: frame.file,
      line: frame.line ?? 0,
      column: frame.column ?? 0,
      mapped: true,
    })),
    path: path ?? '',
    count,
    toldBy: reported_by ?? '',
  }
}

export const titleOf = ({ name, message }: Pick<CaughtError, 'name' | 'message'>) =>
  name && !message.startsWith(name) ? `${name}: ${message}` : message || name || 'Unknown error'

/** A file of the project, without the slash that the browser puts before it; null: it is somewhere else. */
export function projectPathOf(
  { file, mapped }: Pick<Frame, 'file' | 'mapped'>,
  paths: ReadonlySet<string>,
): string | null {
  const path = file.replace(/^\//, '')
  return mapped && paths.has(path) ? path : null
}
