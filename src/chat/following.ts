/**
 * Whether a reader follows the end of the conversation. Only they themselves leave it, by going up: rows that grow, come
 * late or are measured anew, and a window that becomes smaller, move the end and not the reader.
 */

/** How far it is scrolled, and how far it could be. */
export type Position = { top: number; most: number }

/** How near to the end still counts as coming back to it. */
const NEAR = 60
/** Browsers round. */
const ROUNDING = 1

/** After a scroll: what shrank above or below takes a reader up as far as it shrank, and no further. */
export function isAwayAfter(wasAway: boolean, before: Position, now: Position): boolean {
  const left = now.most - now.top
  if (left <= ROUNDING) return false
  if (left < before.most - before.top && left <= NEAR) return false
  const shrunk = Math.max(0, before.most - now.most)
  return wasAway || before.top - now.top > shrunk + ROUNDING
}

export const isFarFromEnd = ({ top, most }: Position) => most - top > NEAR
