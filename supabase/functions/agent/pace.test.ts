import { expect, test } from 'vitest'
import { afterFault } from './backoff.ts'
import { coalesceMs } from './coalesce.ts'
import { faultOf } from './model-fault.ts'
import { shouldHandOver, timeLeftMs } from './should-hand-over.ts'

test.for([
  [1, 0, 40],
  [1, 20, 80],
  [6, 1, 90],
  [50, 1, 150],
  [1, 500, 150],
] as const)(
  'with %i answers at once and writes of %i ms, text is gathered for %i ms',
  ([answersAtOnce, lastWriteMs, ms]) => {
    expect(coalesceMs({ answersAtOnce, lastWriteMs })).toBe(ms)
  },
)

const overloaded = faultOf('overloaded_error', 'Overloaded')
const limited = (retryAfterMs: number) => faultOf('rate_limit_error', 'Slow down', { retryAfterMs })

test('each fault in a row is waited for about twice as long, and the fifth is the last', () => {
  const delays = [1, 2, 3, 4].map((inARow) => afterFault(overloaded, inARow, 100_000, () => 0.5))
  expect(delays.map((after) => 'delayMs' in after && after.delayMs)).toEqual([375, 750, 1_500, 3_000])
  expect(afterFault(overloaded, 5, 100_000)).toEqual({ kind: 'give_up' })
})

test('not two workers wait for the same time', () => {
  const delay = (random: number) => afterFault(overloaded, 3, 100_000, () => random)
  expect([delay(0), delay(1)]).toEqual([
    { kind: 'retry', delayMs: 1_000 },
    { kind: 'retry', delayMs: 2_000 },
  ])
})

test('what the server asks for is kept to, by a later worker when it is long', () => {
  expect(afterFault(limited(2_000), 1, 100_000, () => 0)).toEqual({ kind: 'retry', delayMs: 2_000 })
  expect(afterFault(limited(60_000), 1, 100_000, () => 0)).toEqual({ kind: 'hand_over', delayMs: 60_000 })
})

test('what cannot succeed is not tried again', () => {
  expect(afterFault(faultOf('authentication_error', 'No', { retryable: false }), 1, 100_000).kind).toBe(
    'give_up',
  )
})

test('a worker hands over between turns after 90 of 150 seconds, and within one after 130', () => {
  const at = (now: number) => ({ startedAt: 0, now, wallMs: 150_000 })
  expect([shouldHandOver(at(89_999)), shouldHandOver(at(90_000))]).toEqual([false, true])
  expect(timeLeftMs(at(0))).toBe(130_500)
  expect(timeLeftMs(at(200_000))).toBe(0)
})
