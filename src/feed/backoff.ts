/** A number from 0 up to 1, as `Math.random` gives. */
export type Random = () => number

/** Doubles with each attempt, and keeps half of it to chance so that many browsers do not come back at once. */
export function backoff(attempt: number, first: number, longest: number, random: Random): number {
  const full = Math.min(longest, first * 2 ** (attempt - 1))
  return full * (0.5 + 0.5 * random())
}

export function jittered(delay: number, random: Random): number {
  return delay * (0.8 + 0.4 * random())
}
