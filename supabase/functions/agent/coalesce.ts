/**
 * How long text is gathered before it is written. Each write is a message to everybody who watches, so busy times write
 * less often: more answers at once in this process, or a database that takes its time.
 */
const SHORTEST_MS = 40
const LONGEST_MS = 150
const STEP_MS = 10

export type Load = { answersAtOnce: number; lastWriteMs: number }

export function coalesceMs({ answersAtOnce, lastWriteMs }: Load): number {
  const crowd = SHORTEST_MS + STEP_MS * Math.max(0, answersAtOnce - 1)
  return Math.min(LONGEST_MS, Math.max(crowd, 4 * lastWriteMs))
}
