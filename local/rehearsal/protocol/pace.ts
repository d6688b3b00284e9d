/** How fast the answer comes: as from the model that was asked for, or as BATON_REHEARSAL_PACE or a header says. */
import type { Reply } from './messages.ts'

export type Pace = { firstTokenMs: number; tokensPerSecond: number }

const INSTANT: Pace = { firstTokenMs: 0, tokensPerSecond: Number.POSITIVE_INFINITY }

const OF_MODELS: [RegExp, Pace][] = [
  [/haiku/, { firstTokenMs: 400, tokensPerSecond: 160 }],
  [/opus/, { firstTokenMs: 1200, tokensPerSecond: 60 }],
  [/./, { firstTokenMs: 700, tokensPerSecond: 90 }],
]

/** `instant`, `real`, or how many times faster than real. */
export function paceOf(wish: string | undefined, model: string, reply: Reply): Pace {
  const speed = wish === 'instant' ? Number.POSITIVE_INFINITY : wish === 'real' || !wish ? 1 : Number(wish)
  if (!(speed > 0)) throw new Error(`The pace "${wish}" is neither "instant", "real" nor a number above 0.`)
  const own = OF_MODELS.find(([pattern]) => pattern.test(model))![1]
  const { firstTokenMs = own.firstTokenMs, tokensPerSecond = own.tokensPerSecond } = reply
  // What a script slows down on purpose stays slow: it is there to be stopped, or cut, in its middle.
  const isSlow = reply.tokensPerSecond !== undefined || reply.firstTokenMs !== undefined
  if (isSlow) return { firstTokenMs, tokensPerSecond }
  return speed === Number.POSITIVE_INFINITY
    ? INSTANT
    : { firstTokenMs: firstTokenMs / speed, tokensPerSecond: tokensPerSecond * speed }
}
