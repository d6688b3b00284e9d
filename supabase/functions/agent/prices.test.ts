import { expect, test } from 'vitest'
import { chargeFor, costOf, MODELS, NO_CHARGE, NO_USAGE, withCharge } from './prices.ts'

const million = 1_000_000

test('a turn costs what its tokens cost, those of the cache included', () => {
  const usage = {
    input_tokens: million,
    output_tokens: million,
    cache_read_input_tokens: million,
    cache_creation_input_tokens: million,
  }
  expect(costOf('claude-sonnet-5-5', usage)).toBeCloseTo(2 + 10 + 0.1 + 2.5, 9)
  expect(costOf('claude-opus-5-5', usage)).toBeCloseTo(4 + 20 + 0.2 + 5, 9)
})

test('a long prompt has its own price where there is one', () => {
  const short = { ...NO_USAGE, input_tokens: 100_000, output_tokens: 1_000 }
  const long = { ...short, cache_read_input_tokens: 1 }
  expect(costOf('claude-haiku-5-5', short)).toBeCloseTo(0.0105, 9)
  expect(costOf('claude-haiku-5-5', long)).toBeCloseTo(0.0525 + 0.05 / million, 9)
})

test('a price that is not known is not guessed', () => {
  expect(costOf('a-model-of-somebody', { ...NO_USAGE, input_tokens: 5 })).toBeNull()
  expect(costOf('claude-fable-5-2', { ...NO_USAGE, input_tokens: 5 })).toBeNull()
})

test('calls are charged one by one, and together have no known cost when one of them has none', () => {
  const usage = { ...NO_USAGE, input_tokens: 60_000 }
  const known = chargeFor('claude-haiku-5-5', usage)
  const both = withCharge(withCharge(NO_CHARGE, known), known)
  expect(both.usage).toEqual({ ...NO_USAGE, input_tokens: 120_000 })
  expect(both.cost).toBeCloseTo(0.012, 9)
  expect(withCharge(known, chargeFor('a-model-of-somebody', usage))).toMatchObject({
    usage: { input_tokens: 120_000, note: 'The price of a-model-of-somebody is not known.' },
    cost: null,
  })
})

test('every model of the table has a window and an answer that fits into it', () => {
  for (const [name, { contextTokens, maxOutputTokens }] of Object.entries(MODELS)) {
    expect(name).toMatch(/^claude-/)
    expect(maxOutputTokens).toBeLessThan(contextTokens)
  }
})
