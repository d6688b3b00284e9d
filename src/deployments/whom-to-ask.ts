import type { Member, Role } from '../../supabase/functions/_shared/protocol.ts'

/** What the database allows, told beforehand. It has the last word. */
export const mayPublish = (role: Role) => role !== 'member'

const MOST_NAMED = 3

export function whomToAsk(members: readonly Pick<Member, 'display_name' | 'role'>[]): string {
  const able = members.filter(({ role }) => mayPublish(role)).map(({ display_name }) => display_name)
  if (able.length === 0) return 'Ask an admin of the team.'
  const named = able.slice(0, MOST_NAMED)
  const rest = able.length - named.length
  const last = named.pop()
  const before = rest > 0 ? [...named, last].join(', ') : named.join(', ')
  if (rest > 0) return `Ask ${before} or ${rest} more.`
  return before ? `Ask ${before} or ${last}.` : `Ask ${last}.`
}
