/** Excerpts with what was looked for pointed out, and which chats carry it in their name. */
import type { Chat } from '../../../supabase/functions/_shared/protocol.ts'

/** As the database splits what was typed: letters and digits, of any script. */
export const wordsOf = (query: string): string[] => query.match(/[\p{L}\p{N}]+/gu) ?? []

export type Piece = { text: string; isFound: boolean }

/** Beginnings of words, in any case. */
export function pieces(excerpt: string, query: string): Piece[] {
  const words = wordsOf(query)
  if (words.length === 0) return [{ text: excerpt, isFound: false }]
  const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(${words.join('|')})`, 'giu')
  const parts: Piece[] = []
  let from = 0
  for (const match of excerpt.matchAll(wanted)) {
    if (match.index > from) parts.push({ text: excerpt.slice(from, match.index), isFound: false })
    parts.push({ text: match[0], isFound: true })
    from = match.index + match[0].length
  }
  if (from < excerpt.length) parts.push({ text: excerpt.slice(from), isFound: false })
  return parts
}

/** Newest first; those in the archive too, since that is where one looks for what cannot be found. */
export function chatsNamed(chats: readonly Chat[], query: string): Chat[] {
  const words = wordsOf(query.toLowerCase())
  if (words.length === 0) return []
  return chats
    .filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
    .sort((one, other) => other.created_at.localeCompare(one.created_at))
    .slice(0, 8)
}
