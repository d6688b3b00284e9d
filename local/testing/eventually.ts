import { vi } from 'vitest'

/** Looks again until it holds. What never does fails here; how quick it should be is for the benches to say. */
export const eventually = <T>(look: () => T | Promise<T>, interval = 20): Promise<T> =>
  vi.waitFor(look, { timeout: 25_000, interval })
