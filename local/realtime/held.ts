/**
 * For a while after a restart, what the log brings is kept for channels that are on their way back: their sockets died
 * with the last process, and what it had not delivered yet is theirs. Bounded in time and size; off when the slot is
 * new, since then there is no past to make up for.
 */
export class Held<Item> {
  readonly #until: number
  readonly #maxBytes: number
  #items: { item: Item; bytes: number }[] = []
  #bytes = 0

  constructor(until: number, maxBytes: number) {
    this.#until = until
    this.#maxBytes = maxBytes
  }

  add(item: Item, bytes: number, now: number): void {
    this.#forgetAfter(now)
    if (now > this.#until) return
    this.#items.push({ item, bytes })
    this.#bytes += bytes
    while (this.#bytes > this.#maxBytes) this.#bytes -= this.#items.shift()!.bytes
  }

  /** Oldest first. */
  all(now: number): Item[] {
    this.#forgetAfter(now)
    return this.#items.map(({ item }) => item)
  }

  #forgetAfter(now: number): void {
    if (now <= this.#until) return
    this.#items = []
    this.#bytes = 0
  }
}
