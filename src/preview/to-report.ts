import type { CaughtError, ConsoleLine, Frame } from '../../services/preview/messages.ts'
import type { StackFrame } from '../../supabase/functions/_shared/protocol.ts'
import { titleOf } from './preview-log.ts'
import { withoutAddresses } from './stacks.ts'
import { storable } from './storable.ts'

/** As `report_preview` takes it. */
export type Report = {
  kind: 'error' | 'rejection' | 'network' | 'console'
  message: string
  frames: StackFrame[]
  path: string
}

const KINDS = { error: 'error', rejection: 'rejection', update: 'error', resource: 'network' } as const

export function toReport(error: CaughtError): Report {
  return {
    kind: KINDS[error.kind],
    message: storable(titleOf(error)),
    path: storable(error.path),
    frames: error.frames.slice(0, 20).map(toStackFrame),
  }
}

/** What the app wrote as an error, which is also how React tells of one that a boundary caught. */
export const lineToReport = ({ text, frame }: ConsoleLine, path: string): Report => ({
  kind: 'console',
  message: storable(withoutAddresses(text).slice(0, 4_000)),
  path: storable(path),
  frames: frame ? [toStackFrame(frame)] : [],
})

const toStackFrame = ({ function: name, file, line, column }: Frame): StackFrame => ({
  file: storable(file.replace(/^\//, '')),
  line: line || null,
  column: column || null,
  function: name ? storable(name) : null,
})
