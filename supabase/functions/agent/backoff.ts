/** What to do about a model that failed: try again soon, try again much later, or give up with its reason. */
import type { ModelFault } from './model-fault.ts'

export type AfterFault =
  | { kind: 'retry'; delayMs: number }
  /** Too long to be waited for here: another worker goes on. */
  | { kind: 'hand_over'; delayMs: number }
  | { kind: 'give_up' }

const FIRST_MS = 500
const LONGEST_MS = 30_000
const MOST_IN_A_ROW = 5

export function afterFault(
  fault: ModelFault,
  inARow: number,
  timeLeftMs: number,
  random: () => number = Math.random,
): AfterFault {
  if (!fault.retryable || inARow >= MOST_IN_A_ROW) return { kind: 'give_up' }
  const delayMs = Math.round(delayAfter(fault, inARow, random))
  return { kind: delayMs < timeLeftMs / 2 ? 'retry' : 'hand_over', delayMs }
}

/** What the server asked for, and a little more, so that not all come at once; else twice as long as the last time. */
function delayAfter({ retryAfterMs }: ModelFault, inARow: number, random: () => number): number {
  if (retryAfterMs !== null) return retryAfterMs * (1 + random() / 10)
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (inARow - 1))
  return ceiling / 2 + (random() * ceiling) / 2
}
