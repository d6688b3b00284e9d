/**
 * For a while after a restart, what the log brings is kept for channels that are on their way back: their sockets died
 * with the last process, and what it had not delivered yet is theirs. Bounded in time and number; off when the slot is
 * new, since then there is no past to make up for.
 */
import type { DatabaseMessage } from './messages.ts'
import type { Broadcast } from './protocol.ts'

export class HeldMessages {
  readonly #until: number
  readonly #most: number
  #messages: DatabaseMessage[] = []

  constructor(until: number, most: number) {
    this.#until = until
    this.#most = most
  }

  add(message: DatabaseMessage, now: number): void {
    if (now > this.#until) this.#messages = []
    else if (this.#messages.push(message) > this.#most) this.#messages.shift()
  }

  for(topic: string, isPrivate: boolean, now: number): Broadcast[] {
    if (now > this.#until) this.#messages = []
    return this.#messages
      .filter((message) => message.topic === topic && message.isPrivate === isPrivate)
      .map((message) => message.broadcast)
  }
}
