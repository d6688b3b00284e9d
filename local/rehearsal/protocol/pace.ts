/** How fast the answer comes: as from the model that was asked for, or as BATON_REHEARSAL_PACE or a header says. */
import type { Reply } from './messages.ts'

export type Pace = { firstTokenMs: number; tokensPerSecond: number }

const OF_MODELS: [RegExp, Pace][] = [
  [/haiku/, { firstTokenMs: 400, tokensPerSecond: 160 }],
  [/opus/, { firstTokenMs: 1200, tokensPerSecond: 60 }],
  [/./, { firstTokenMs: 700, tokensPerSecond: 90 }],
]

export function paceOf(speed: number, model: string, reply: Reply): Pace {
  const own = OF_MODELS.find(([pattern]) => pattern.test(model))![1]
  const { firstTokenMs = own.firstTokenMs, tokensPerSecond = own.tokensPerSecond } = reply
  // What a script slows down on purpose stays slow: it is there to be stopped, or cut, in its middle.
  const isSlow = reply.tokensPerSecond !== undefined || reply.firstTokenMs !== undefined
  return isSlow
    ? { firstTokenMs, tokensPerSecond }
    : { firstTokenMs: firstTokenMs / speed, tokensPerSecond: tokensPerSecond * speed }
}

/** `instant`, `real`, or how many times faster than real. */
export function speedOf(wish: string | undefined): number {
  const speed = wish === 'instant' ? Number.POSITIVE_INFINITY : wish === 'real' || !wish ? 1 : Number(wish)
  if (speed > 0) return speed
  throw new Error(`The pace "${wish}" is neither "instant", "real" nor a number above 0.`)
}
