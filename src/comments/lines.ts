/** Lines that a thread is about, in a text that has changed since. */
import type { Thread } from '../../supabase/functions/_shared/protocol.ts'

export type Lines = { from: number; to: number }
/** What somebody comments on. */
export type Passage = Lines & { quote: string }

const LONGEST_QUOTE = 2_000

export function passageOf(text: string, { from, to }: Lines): Passage {
  const quote = text
    .split('\n')
    .slice(from - 1, to)
    .join('\n')
  return { from, to, quote: quote.slice(0, LONGEST_QUOTE) }
}

/** Where the quoted lines are now, nearest to where they were; null when they are not there any more. */
export function linesNow(text: string, { from_line, to_line, quote }: Thread): Lines | null {
  if (from_line === null || to_line === null || quote === null) return null
  const lines = text.split('\n')
  const wanted = quote.split('\n')
  const isAt = (start: number) =>
    wanted.every((line, index) => {
      const now = lines[start - 1 + index]
      const isCut = index === wanted.length - 1 && quote.length === LONGEST_QUOTE
      return now !== undefined && (isCut ? now.startsWith(line) : now === line)
    })
  for (let distance = 0; distance <= Math.max(from_line, lines.length); distance += 1) {
    const from = [from_line - distance, from_line + distance].find(isAt)
    if (from !== undefined) return { from, to: from + to_line - from_line }
  }
  return null
}

export const lineText = ({ from, to }: Lines) => (from === to ? `Line ${from}` : `Lines ${from}–${to}`)
