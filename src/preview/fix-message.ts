/** What the agent is told when a person presses *Fix it*: the fault, where it is, and what the page said before it. */
import type { ConsoleLine, Frame } from '../../services/preview/messages.ts'
import type { Build, BuildError } from '../../supabase/functions/_shared/protocol.ts'
import type { Fault } from './preview-log.ts'
import { tellingFrames } from './stacks.ts'

const MOST_ERRORS = 5
const MOST_FRAMES = 8
const MOST_LINES = 10
const LONGEST_LINE = 300

export function fixRuntimeMessage(faults: readonly Fault[], lines: readonly ConsoleLine[]): string {
  const said = lines.filter(({ level }) => level === 'warn' || level === 'error').slice(-MOST_LINES)
  return paragraphs([
    faults.length === 1 ? 'Fix this error of the preview:' : 'Fix these errors of the preview:',
    ...faults.slice(0, MOST_ERRORS).map(faultText),
    more(faults.length - MOST_ERRORS),
    said.length > 0 &&
      `The console says:\n${fenced(said.map(({ level, text }) => `${level}: ${cut(text)}`))}`,
  ])
}

export function fixBuildMessage(build: Pick<Build, 'version'>, errors: readonly BuildError[]): string {
  return paragraphs([
    `The preview of version ${build.version} could not be built. Fix ${errors.length === 1 ? 'this error' : 'these errors'}:`,
    ...errors.slice(0, MOST_ERRORS).map(buildErrorText),
    more(errors.length - MOST_ERRORS),
  ])
}

export function fixTypesMessage(errors: readonly BuildError[]): string {
  return paragraphs([
    'The preview works, but the types do not fit together. Fix them without changing what the app does:',
    fenced(errors.slice(0, 20).map((error) => `${placeOf(error)}${error.message}`)),
    more(errors.length - 20),
  ])
}

function faultText({ title, frames, path, count }: Fault): string {
  const where = [path && path !== '/' && `on the page ${path}`, count > 1 && `${count} times`].filter(Boolean)
  const text = fenced([title, ...tellingFrames(frames).slice(0, MOST_FRAMES).map(frameText)])
  return where.length > 0 ? `${text}\nIt happened ${where.join(', ')}.` : text
}

export function frameText({ function: name, file, line, column }: Frame): string {
  const place = `${file.replace(/^\//, '')}${line ? `:${line}:${column}` : ''}`
  return name ? `    at ${name} (${place})` : `    at ${place}`
}

const buildErrorText = (error: BuildError) =>
  fenced([`${placeOf(error)}${error.message}`, ...(error.frame ? [error.frame] : [])])

export function placeOf({ file, line, column }: BuildError): string {
  if (!file) return ''
  return line ? `${file}:${line}:${(column ?? 0) + 1}: ` : `${file}: `
}

const more = (count: number) => count > 0 && `And ${count} more.`
const cut = (text: string) => (text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text)

/** Longer than any fence inside, so that nothing in it ends the block. */
function fenced(lines: readonly string[]): string {
  const text = lines.join('\n')
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}

const paragraphs = (parts: readonly (string | false)[]) => parts.filter(Boolean).join('\n\n')
