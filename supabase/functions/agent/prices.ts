/**
 * What is known of each model: its window, its longest answer, how it thinks, and its price in dollars per million
 * tokens. One row each, by the names of Anthropic's SDK; from platform.claude.com/docs (pricing, models), November 2026.
 */
type Prices = { input: number; cacheWrite: number; cacheRead: number; output: number }
type Thinking = 'adaptive' | 'budget' | 'none'

export type ModelFacts = {
  contextTokens: number
  maxOutputTokens: number
  thinking: Thinking
  effort: 'low' | 'medium' | 'high' | null
  /** Null where no price is published: then a cost is not known, and is not guessed. */
  prices: Prices | null
  /** Takes the place of `prices` for a request whose prompt is longer than so many tokens. */
  longPrompts?: { overTokens: number; prices: Prices }
}

const rates = (input: number, output: number, cacheRead = input / 10): Prices => ({
  input,
  cacheWrite: input * 1.25,
  cacheRead,
  output,
})

const MILLION = 1_000_000
const current = (prices: Prices | null): ModelFacts => ({
  contextTokens: MILLION,
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  effort: 'medium',
  prices,
})
const older = (prices: Prices): ModelFacts => ({
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  thinking: 'budget',
  effort: null,
  prices,
})

export const MODELS: Record<string, ModelFacts> = {
  'claude-fable-5-2': current(null),
  'claude-mythos-5-2': current(null),
  'claude-fable-5-1': current(rates(10, 50, 0.25)),
  'claude-mythos-5-1': current(rates(10, 50, 0.25)),
  'claude-fable-5': current(rates(10, 50)),
  'claude-mythos-5': current(rates(10, 50)),
  'claude-opus-5-5': current(rates(4, 20, 0.2)),
  'claude-opus-5': current(rates(5, 25)),
  'claude-opus-4-8': current(rates(5, 25)),
  'claude-opus-4-7': current(rates(5, 25)),
  'claude-opus-4-6': current(rates(5, 25)),
  'claude-opus-4-5': older(rates(5, 25)),
  'claude-opus-4-5-20251101': older(rates(5, 25)),
  'claude-sonnet-5-5': current(rates(2, 10, 0.1)),
  'claude-sonnet-5': current(rates(2, 10)),
  'claude-sonnet-4-6': { ...current(rates(3, 15)), maxOutputTokens: 64_000 },
  'claude-sonnet-4-5': older(rates(3, 15)),
  'claude-sonnet-4-5-20250929': older(rates(3, 15)),
  'claude-haiku-5-5': {
    ...current(rates(0.1, 0.5)),
    longPrompts: { overTokens: 100_000, prices: rates(0.5, 2.5) },
  },
  'claude-haiku-4-5': older(rates(1, 5)),
  'claude-haiku-4-5-20251001': older(rates(1, 5)),
}

/** Nothing is asked of a model that is not in the table but what every model can do. */
const UNKNOWN: ModelFacts = {
  contextTokens: 200_000,
  maxOutputTokens: 8_192,
  thinking: 'none',
  effort: null,
  prices: null,
}

export const factsOf = (model: string): ModelFacts => MODELS[model] ?? UNKNOWN

/** Named as Anthropic names them. */
export type Usage = {
  input_tokens: number
  output_tokens: number
  cache_read_input_tokens: number
  cache_creation_input_tokens: number
  note?: string
}

export const NO_USAGE: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
}

export const promptTokens = (usage: Usage) =>
  usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens

/** In dollars, or null where the price is not known. */
export function costOf(model: string, usage: Usage): number | null {
  const { prices, longPrompts } = factsOf(model)
  const isLong = longPrompts !== undefined && promptTokens(usage) > longPrompts.overTokens
  const applied = isLong ? longPrompts.prices : prices
  if (!applied) return null
  const dollars =
    usage.input_tokens * applied.input +
    usage.output_tokens * applied.output +
    usage.cache_read_input_tokens * applied.cacheRead +
    usage.cache_creation_input_tokens * applied.cacheWrite
  return Number((dollars / MILLION).toFixed(8))
}

export type Charge = { usage: Usage; cost: number | null }

export const NO_CHARGE: Charge = { usage: NO_USAGE, cost: 0 }

/** A cost that is not known is not zero, and says so. */
export function chargeFor(model: string, usage: Usage): Charge {
  const cost = costOf(model, usage)
  return { usage: cost === null ? { ...usage, note: `The price of ${model} is not known.` } : usage, cost }
}

export function withCharge(one: Charge, other: Charge): Charge {
  const sum = (
    key: 'input_tokens' | 'output_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens',
  ) => one.usage[key] + other.usage[key]
  const usage = {
    ...one.usage,
    ...other.usage,
    input_tokens: sum('input_tokens'),
    output_tokens: sum('output_tokens'),
    cache_read_input_tokens: sum('cache_read_input_tokens'),
    cache_creation_input_tokens: sum('cache_creation_input_tokens'),
  }
  return { usage, cost: one.cost === null || other.cost === null ? null : one.cost + other.cost }
}
