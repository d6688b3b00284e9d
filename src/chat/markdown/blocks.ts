/**
 * Markdown while it streams. Appended text can only change the last blocks: those before are kept as they are, token by
 * token, so that React draws the last ones anew and nothing else. Two are read again, since half of a list item is a
 * paragraph until its dot has come. What refers to something further down (`[1]: …`) is found when the text is whole.
 */
import { lexer, type Token } from 'marked'

export type Blocks = { text: string; tokens: readonly Token[] }

export const NO_BLOCKS: Blocks = { text: '', tokens: [] }
const READ_AGAIN = 2

export const wholeBlocks = (text: string): Blocks => ({ text, tokens: lexer(text) })

export function grownBlocks(before: Blocks, text: string): Blocks {
  if (text === before.text) return before
  // The lexer changes line ends, and places could not be counted any more.
  if (!text.startsWith(before.text) || text.includes('\r')) return wholeBlocks(text)
  const kept = before.tokens.slice(0, firstToReadAgain(before.tokens))
  const end = kept.reduce((sum, { raw }) => sum + raw.length, 0)
  return { text, tokens: [...kept, ...lexer(text.slice(end))] }
}

function firstToReadAgain(tokens: readonly Token[]): number {
  let left = READ_AGAIN
  let at = tokens.length
  while (at > 0 && left > 0) {
    at -= 1
    if (tokens[at]?.type !== 'space') left -= 1
  }
  return at
}
