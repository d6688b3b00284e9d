import type { Evidence } from './evidence.ts'

export type Leaving = { at: number; attempts: number }

/** After the third claim without an ended step the next is held back on purpose. */
const PATIENT_AFTER = 3

/** From each kill of a worker at its work to the first event of its successor, in milliseconds. */
export function takeoversOf(leavings: (Leaving | null)[], events: Evidence['events']): number[] {
  return leavings.flatMap((leaving) => {
    if (!leaving || leaving.attempts > PATIENT_AFTER) return []
    const next = events.find(
      ({ at, kind, payload }) => at > leaving.at && kind === 'run.changed' && payload.state === 'running',
    )
    return next ? [next.at - leaving.at] : []
  })
}
