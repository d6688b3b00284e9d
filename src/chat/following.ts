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
  if (now.top === before.top && now.most === before.most) return wasAway
  if (isAtEnd(now)) return false
  if (leftOf(now) < leftOf(before) && isNearEnd(now)) return false
  const shrunk = Math.max(0, before.most - now.most)
  return wasAway || before.top - now.top > shrunk + ROUNDING
}

export const isAtEnd = (position: Position) => leftOf(position) <= ROUNDING
export const isNearEnd = (position: Position) => leftOf(position) <= NEAR

const leftOf = ({ top, most }: Position) => most - top
