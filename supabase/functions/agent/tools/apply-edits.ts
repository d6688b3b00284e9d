/** Exact search and replace, and what to say when it does not fit. */
import { lineAt, linesOf, numbered } from './lines.ts'
import { ToolError } from './tool.ts'

export type Edit = { search: string; replace: string; all?: boolean }

export function applyEdits(
  path: string,
  original: string,
  edits: Edit[],
): { content: string; replaced: number } {
  let content = original
  let replaced = 0
  for (const [index, edit] of edits.entries()) {
    const which = edits.length === 1 ? 'The edit' : `Edit ${index + 1} of ${edits.length}`
    const offsets = occurrences(content, edit.search)
    const complaint = complaintAbout(edit, offsets, content, path)
    if (complaint) throw new ToolError('edit_refused', `${which} ${complaint}\n\n${path} is unchanged.`)
    content = splice(content, offsets, edit)
    replaced += offsets.length
  }
  return { content, replaced }
}

function occurrences(content: string, search: string): number[] {
  const offsets: number[] = []
  for (let at = content.indexOf(search); at !== -1; at = content.indexOf(search, at + search.length))
    offsets.push(at)
  return offsets
}

function splice(content: string, offsets: number[], { search, replace }: Edit): string {
  const ends = [0, ...offsets.map((offset) => offset + search.length)]
  return [
    ...offsets.map((offset, index) => content.slice(ends[index], offset) + replace),
    content.slice(ends.at(-1)),
  ].join('')
}

function complaintAbout(edit: Edit, offsets: number[], content: string, path: string): string | null {
  if (edit.search === edit.replace) return 'replaces a text by itself, so it would change nothing.'
  if (offsets.length === 1 || (edit.all && offsets.length > 1)) return null
  if (offsets.length > 1) {
    const lines = offsets.slice(0, 10).map((offset) => lineAt(content, offset))
    const more = offsets.length > 10 ? ' and more' : ''
    return `does not say which place it means: its search text is found ${offsets.length} times, at lines ${lines.join(', ')}${more}. Take in more of the lines around it, or set "all" to true.`
  }
  return `did not match: its search text is not in ${path}. ${nearMiss(content, edit.search)}`
}

/** The passage that was probably meant, with its line numbers. */
export function nearMiss(content: string, search: string): string {
  if (content.trim() === '') return 'The file is empty; write_file fills it.'
  const lines = linesOf(content)
  const wanted = linesOf(search).filter(
    (line, index, all) => line.trim() !== '' || (index > 0 && index < all.length - 1),
  )
  if (wanted.length === 0) return 'The search text is nothing but white space.'
  if (wanted.every((line) => /^\s*\d+\t/.test(line)))
    return 'It begins with line numbers, as read_file shows them; leave them out.'
  const loose = find(lines, wanted, (line) => line.trim().replace(/\s+/g, ' '))
  if (loose !== null)
    return `Only its white space differs from these lines; take them as they stand:\n${show(lines, loose, wanted.length)}`
  const anyCase = find(lines, wanted, (line) => line.trim().replace(/\s+/g, ' ').toLowerCase())
  if (anyCase !== null)
    return `Only upper and lower case differ from these lines; take them as they stand:\n${show(lines, anyCase, wanted.length)}`
  const best = mostSimilar(lines, wanted)
  if (best === null) return 'Nothing like it is there; read the file again.'
  return `The nearest passage is:\n${show(lines, best, wanted.length)}`
}

function find(lines: string[], wanted: string[], simplify: (line: string) => string): number | null {
  const have = lines.map(simplify)
  const want = wanted.map(simplify)
  const at = have.findIndex((_, start) => want.every((line, index) => have[start + index] === line))
  return at === -1 ? null : at
}

const SIMILAR_ENOUGH = 0.5
const MOST_LINES = 4_000

/** The start of the window whose lines are most alike, one by one; null when none is alike enough. */
function mostSimilar(lines: string[], wanted: string[]): number | null {
  const sample = wanted.slice(0, 12).map(pairsOf)
  const have = lines.slice(0, MOST_LINES).map(pairsOf)
  let best = SIMILAR_ENOUGH
  let at: number | null = null
  for (let start = 0; start < have.length; start++) {
    const scores = sample.map((line, index) => likeness(line, have[start + index]))
    const score = scores.reduce((sum, one) => sum + one, 0) / sample.length
    if (score > best) [best, at] = [score, start]
  }
  return at
}

function pairsOf(line: string): Set<string> {
  const text = line.trim().slice(0, 200)
  return new Set(
    Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2)),
  )
}

function likeness(one: Set<string>, other: Set<string> | undefined): number {
  if (!other) return 0
  if (one.size === 0 && other.size === 0) return 1
  let shared = 0
  for (const pair of one) if (other.has(pair)) shared++
  return (2 * shared) / (one.size + other.size || 1)
}

function show(lines: string[], start: number, count: number): string {
  const from = Math.max(0, start - 1)
  const shown = lines.slice(from, Math.min(start + count + 1, from + 16))
  return numbered(
    shown.map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line)),
    from + 1,
  )
}
