/**
 * A worker lives for minutes, and a block that takes longer to write is cut when it leaves. Text is kept and goes on
 * where it stops. A tool call whose input is not whole, or a thought, is lost, and the next worker would have the model
 * begin it again, for ever. So after two such cuts in a row the model is told what happened and to write less at once,
 * and after six the run is stopped.
 */
import type { Entry, Turn } from '../_shared/protocol.ts'

export const SMALLER_STEPS = 'smaller_steps'
const CUTS_BEFORE_ADVICE = 2
const MOST_CUTS = 6

/** The last turns, as far as each of them was cut for time in the middle of what cannot be kept. */
export function lostInARow(turns: Turn[]): Turn[] {
  const others = turns.findLastIndex(({ error }) => error?.type !== 'out_of_time' || error.cut === 'text')
  return turns.slice(others + 1)
}

export const isLostForGood = (turns: Turn[]) => lostInARow(turns).length >= MOST_CUTS

/** What the model is to be told before it is asked again, or null. */
export function adviceAfterCuts(history: Entry[], turns: Turn[]): string | null {
  const told = history.findLast(({ data }) => data.reason === SMALLER_STEPS)?.turn ?? -1
  const lost = lostInARow(turns).filter(({ turn }) => turn > told)
  return lost.length < CUTS_BEFORE_ADVICE ? null : adviceFor(lost.at(-1)!)
}

function adviceFor({ error }: Turn): string {
  const { cut, tool, length } = error as { cut?: string; tool?: string; length?: number }
  if (cut !== 'tool_use')
    return 'Twice in a row your answer was cut off before anything of it could be kept, since it took longer than an answer may last here. Think less at once: take one small step, and look at its result.'
  return `Twice in a row your call of ${tool} was cut off before its input was whole, the last time after ${length} characters, since it took longer to write than an answer may last here. Nothing of it was kept. Write less at once: at most a third of that in one call. Split the content into several files, or create the file with its first part and add the rest with further edits, one call in each answer.`
}
