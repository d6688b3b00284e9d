/** Chance that can be repeated: the same seed makes the same choices. */
export type Random = {
  /** From 0 up to, and without, 1. */
  next(): number
  /** Both ends included. */
  whole(from: number, to: number): number
  one<T>(list: readonly T[]): T
  chance(share: number): boolean
  /** Choices of its own, which do not depend on how many were made here. */
  fork(name: string): Random
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    whole,
    one: (list) => list[whole(0, list.length - 1)]!,
    chance: (share) => next() < share,
    fork: (name) => createRandom(seedOf(`${seed} ${name}`)),
  }
}

export function seedOf(text: string): number {
  let hash = 2166136261
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619)
  return hash >>> 0
}
