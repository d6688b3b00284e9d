import { expect, test } from 'vitest'
import { paceOf, speedOf } from './pace.ts'

test('without a wish an answer comes as fast as from the model that was asked', () => {
  const [haiku, opus] = ['claude-haiku-5-5', 'claude-opus-5-5'].map((model) =>
    paceOf(speedOf(undefined), model, { pieces: [] }),
  )
  expect(haiku!.tokensPerSecond).toBeGreaterThan(opus!.tokensPerSecond)
  expect(haiku!.firstTokenMs).toBeLessThan(opus!.firstTokenMs)
})

test('a wish makes it faster, up to no time at all', () => {
  const real = paceOf(1, 'claude-sonnet-5-5', { pieces: [] })
  expect(paceOf(speedOf('4'), 'claude-sonnet-5-5', { pieces: [] })).toEqual({
    firstTokenMs: real.firstTokenMs / 4,
    tokensPerSecond: real.tokensPerSecond * 4,
  })
  expect(paceOf(speedOf('instant'), 'claude-sonnet-5-5', { pieces: [] })).toEqual({
    firstTokenMs: 0,
    tokensPerSecond: Number.POSITIVE_INFINITY,
  })
})

test('what is slow on purpose stays slow', () => {
  const slow = { pieces: [], tokensPerSecond: 6, firstTokenMs: 2000 }
  expect(paceOf(speedOf('instant'), 'claude-sonnet-5-5', slow)).toEqual({
    firstTokenMs: 2000,
    tokensPerSecond: 6,
  })
})

test.for(['fast', '0', '-1'])('"%s" is no pace', (wish) => {
  expect(() => speedOf(wish)).toThrow('is neither "instant", "real" nor a number')
})
