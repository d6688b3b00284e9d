/** Time as the feed uses it; tests bring their own. */
export type Clock = {
  now(): number
  /** Returns the way to call it off. */
  after(delay: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delay, task) {
    const timer = setTimeout(task, delay)
    return () => clearTimeout(timer)
  },
}
