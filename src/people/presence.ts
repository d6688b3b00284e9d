/**
 * Who is here, from what every client shows. Presence is said by clients and proven by nobody: the server lets whoever
 * may read a project show anything there. So each state is checked here, and those that name nobody of the team are
 * dropped. Several tabs of one person are one person.
 */

/** What a tab shows of its person. */
export type Shown = {
  user: string
  /** A name that the tab gave itself. */
  tab: string
  chat: string | null
  file: string | null
  /** Counts up as long as its person types in `chat`; 0 while they do not. */
  typing: number
}

export type Present = { userId: string; chats: string[]; files: string[]; typesIn: string[] }

/** A tab that says nothing new for so long has stopped typing, whatever it said last. */
export const TYPING_LASTS = 13_000

/** When a tab was first seen to type at this count. */
export type TypingSeen = Map<string, { typing: number; since: number }>

/** Notes who types in `typing`, which the caller keeps. */
export function peopleHere(
  states: readonly unknown[],
  isMember: (userId: string) => boolean,
  now: number,
  typing: TypingSeen,
): Present[] {
  const people = new Map<string, Present>()
  const tabs = new Set<string>()
  for (const state of states) {
    const shown = parse(state)
    if (!shown || !isMember(shown.user)) continue
    tabs.add(tabOf(shown))
    const person = people.get(shown.user) ?? { userId: shown.user, chats: [], files: [], typesIn: [] }
    people.set(shown.user, person)
    note(person.chats, shown.chat)
    note(person.files, shown.file)
    if (stillTypes(shown, now, typing)) note(person.typesIn, shown.chat)
  }
  for (const tab of typing.keys()) if (!tabs.has(tab)) typing.delete(tab)
  return [...people.values()].sort((one, other) => (one.userId < other.userId ? -1 : 1))
}

function stillTypes(shown: Shown, now: number, typing: TypingSeen): boolean {
  const tab = tabOf(shown)
  if (shown.typing === 0) {
    typing.delete(tab)
    return false
  }
  const known = typing.get(tab)
  if (known?.typing === shown.typing) return now - known.since < TYPING_LASTS
  typing.set(tab, { typing: shown.typing, since: now })
  return true
}

const tabOf = ({ user, tab }: Shown) => `${user} ${tab}`

function note(list: string[], value: string | null): void {
  if (value !== null && !list.includes(value)) list.push(value)
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const LONGEST_PATH = 240

function parse(state: unknown): Shown | null {
  const { user, tab, chat, file, typing } = Object(state) as Record<keyof Shown, unknown>
  if (!isUuid(user) || typeof tab !== 'string' || tab.length > 64) return null
  return {
    user,
    tab,
    chat: isUuid(chat) ? chat : null,
    file: typeof file === 'string' && file.length <= LONGEST_PATH ? file : null,
    typing: typeof typing === 'number' && Number.isInteger(typing) && typing > 0 ? typing : 0,
  }
}

const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)
