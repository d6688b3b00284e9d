/** What is wrong with a project, where, and how it looks there. */
import { stripVTControlCharacters } from 'node:util'
import type { BuildError } from '../../../supabase/functions/_shared/protocol.ts'

const MOST_ERRORS = 50
const LONGEST_LINE = 200

export class ProjectFault extends Error {
  readonly errors: BuildError[]
  readonly reason: 'errors' | 'too_large'

  constructor(errors: BuildError[], reason: 'errors' | 'too_large' = 'errors') {
    super(errors[0]?.message ?? 'The project cannot be built.')
    this.errors = errors.slice(0, MOST_ERRORS)
    this.reason = reason
  }
}

type Place = { line: number; column: number } | null

/** `source` is the text of the file; `place` counts lines from 1 and columns from 0. */
export function faultAt(
  file: string | null,
  source: string | null,
  place: Place,
  message: string,
): BuildError {
  return {
    file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    message: plain(message),
    frame: source !== null && place ? frameOf(source, place.line, place.column) : null,
  }
}

export function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset)
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) }
}

export const plain = (text: string) => stripVTControlCharacters(text).trim().slice(0, 4_000)

/** Two lines before and after; of a long line the part around the place. */
function frameOf(source: string, line: number, column: number): string {
  const lines = source.split('\n')
  const first = Math.max(0, line - 3)
  const from = Math.max(0, column - LONGEST_LINE / 2)
  const width = String(Math.min(lines.length, line + 2)).length
  const shown = lines.slice(first, line + 2).flatMap((text, index) => {
    const number = first + index + 1
    const row = `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text.slice(from, from + LONGEST_LINE)}`
    return number === line ? [row, `  ${' '.repeat(width)} | ${' '.repeat(column - from)}^`] : [row]
  })
  return shown.join('\n')
}
