/** When a worker stops while it can still say so. A turn is long, so between turns it stops earlier than within one. */
export type Clock = { startedAt: number; now: number; wallMs: number }

const BETWEEN_TURNS = 0.6
const WITHIN_A_TURN = 0.87

export const shouldHandOver = ({ startedAt, now, wallMs }: Clock) => now - startedAt >= wallMs * BETWEEN_TURNS

export const timeLeftMs = ({ startedAt, now, wallMs }: Clock) =>
  Math.max(0, startedAt + wallMs * WITHIN_A_TURN - now)
