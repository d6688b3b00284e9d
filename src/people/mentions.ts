/** `@` and a name. What counts as one is decided by the database (mentions.sql); here it is typed, found and drawn. */
import type { Mention } from '../../supabase/functions/_shared/protocol.ts'

type Named = { user_id: string; display_name: string }

/** Somebody begins to name somebody: where the `@` stands, and what follows it up to the cursor. */
export type Naming = { at: number; query: string }

const LONGEST_NAME = 80

export function namingAt(text: string, cursor: number): Naming | null {
  const at = text.lastIndexOf('@', cursor - 1)
  if (at < 0 || (at > 0 && /[\p{L}\p{N}_]/u.test(text[at - 1] ?? ''))) return null
  const query = text.slice(at + 1, cursor)
  return query.length > LONGEST_NAME || /^\s|\n/.test(query) ? null : { at, query }
}

/** Those of whom a word of the name begins so; first those whose name itself does. */
export function matching<Person extends Named>(people: readonly Person[], query: string): Person[] {
  const wanted = query.toLocaleLowerCase()
  const rank = ({ display_name }: Named) => {
    const name = display_name.toLocaleLowerCase()
    if (name.startsWith(wanted)) return 0
    return name.includes(` ${wanted}`) ? 1 : 2
  }
  return people
    .filter((person) => rank(person) < 2)
    .sort((one, other) => rank(one) - rank(other) || one.display_name.localeCompare(other.display_name))
}

/** The text with the name in it, and where the cursor goes. */
export function named(text: string, { at, query }: Naming, name: string): { text: string; cursor: number } {
  const rest = text.slice(at + 1 + query.length)
  const said = `@${name}${/^\s/.test(rest) ? '' : ' '}`
  return { text: text.slice(0, at) + said + rest, cursor: at + said.length + (/^\s/.test(rest) ? 1 : 0) }
}

export type Part = { text: string; userId: string | null }

/** The text in pieces: those that name somebody, and what is between them. */
export function partsOf(text: string, mentions: readonly Mention[]): Part[] {
  if (mentions.length === 0) return [{ text, userId: null }]
  const longestFirst = mentions.toSorted((one, other) => other.name.length - one.name.length)
  const names = longestFirst.map(({ name }) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])@(?:${names.join('|')})(?![\\p{L}\\p{N}_])`, 'giu')
  const parts: Part[] = []
  let end = 0
  for (const { 0: said, index } of text.matchAll(pattern)) {
    if (index > end) parts.push({ text: text.slice(end, index), userId: null })
    const name = said.slice(1).toLowerCase()
    const person = mentions.find((one) => one.name.toLowerCase() === name)
    parts.push({ text: said, userId: person?.user_id ?? null })
    end = index + said.length
  }
  if (end < text.length) parts.push({ text: text.slice(end), userId: null })
  return parts
}
