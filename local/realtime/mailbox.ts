/**
 * One thing at a time, in the order of arrival. A task that answers at once runs at once, without a turn of the event
 * loop; while one waits for the database, the next ones wait here and are counted.
 */
export type Task = () => void | Promise<void>

export class Mailbox {
  readonly #onWaiting: (change: number) => void
  #waiting: Task[] = []
  #busy = false

  constructor(onWaiting: (change: number) => void) {
    this.#onWaiting = onWaiting
  }

  post(task: Task): void {
    if (this.#busy) {
      this.#waiting.push(task)
      this.#onWaiting(1)
    } else this.#run(task)
  }

  clear(): void {
    this.#onWaiting(-this.#waiting.length)
    this.#waiting = []
  }

  #run(task: Task): void {
    const done = task()
    if (!done) return
    this.#busy = true
    void done.finally(() => this.#continue())
  }

  #continue(): void {
    this.#busy = false
    while (!this.#busy) {
      const task = this.#waiting.shift()
      if (!task) return
      this.#onWaiting(-1)
      this.#run(task)
    }
  }
}
