import type { CaughtError } from '../../services/preview/messages.ts'
import type { StackFrame } from '../../supabase/functions/_shared/protocol.ts'
import { titleOf } from './preview-log.ts'
import { storable } from './storable.ts'

/** As `report_preview` takes it. */
export type Report = {
  kind: 'error' | 'rejection' | 'network'
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
    frames: error.frames.slice(0, 20).map(({ function: name, file, line, column }) => ({
      file: storable(file.replace(/^\//, '')),
      line: line || null,
      column: column || null,
      function: name ? storable(name) : null,
    })),
  }
}
