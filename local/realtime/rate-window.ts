/** A mean over a sliding window of buckets, as hosted Realtime counts: short bursts pass, a flood does not. */
export class RateWindow {
  readonly #limit: number
  readonly #bucketMs: number
  readonly #buckets: number[]
  #current = 0
  #total = 0

  constructor(perSecond: number, windowMs: number, buckets = 12) {
    this.#limit = (perSecond * windowMs) / 1000
    this.#bucketMs = windowMs / buckets
    this.#buckets = new Array(buckets).fill(0)
  }

  /** Counts, and says whether the window still has room. */
  add(count: number, now: number): boolean {
    this.#advance(now)
    this.#buckets[this.#current % this.#buckets.length]! += count
    this.#total += count
    return this.#total <= this.#limit
  }

  hasRoom(count: number, now: number): boolean {
    this.#advance(now)
    return this.#total + count <= this.#limit
  }

  total(now: number): number {
    this.#advance(now)
    return this.#total
  }

  #advance(now: number): void {
    const target = Math.floor(now / this.#bucketMs)
    const steps = Math.min(target - this.#current, this.#buckets.length)
    for (let step = 0; step < steps; step++) {
      const index = (target - step) % this.#buckets.length
      this.#total -= this.#buckets[index]!
      this.#buckets[index] = 0
    }
    this.#current = Math.max(this.#current, target)
  }
}
