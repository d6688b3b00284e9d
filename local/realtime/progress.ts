/**
 * How far the log has been dealt with. Broadcasts are delivered as they are read, row changes later, once their policies
 * have been asked; a position is settled when everything before it is.
 */
type Step = { end: bigint; pending: number }

export class Progress {
  #settled = 0n
  #steps: Step[] = []

  get settled(): bigint {
    return this.#settled
  }

  /** Everything up to `end` was read; the work must be done before it counts. */
  reach(end: bigint, work: Promise<void>[] = []): void {
    const step = { end, pending: work.length }
    this.#steps.push(step)
    for (const task of work) {
      void task.finally(() => {
        step.pending--
        this.#settle()
      })
    }
    this.#settle()
  }

  #settle(): void {
    while (this.#steps[0]?.pending === 0) {
      const { end } = this.#steps.shift()!
      if (end > this.#settled) this.#settled = end
    }
  }
}
