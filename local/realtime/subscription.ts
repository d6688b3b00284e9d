/**
 * One channel's postgres_changes: it is checked with the database, tried again after a while when that fails, and begun
 * anew when the channel gets another token. The channel stays open whatever happens here.
 *
 * Every attempt has a number; what an older attempt answers late is ignored.
 */
import type { Changes, Subscriber } from './changes.ts'
import { CHANGES_PUBLICATION, type Replication } from './replication.ts'
import type { Settings } from './settings.ts'
import type { Claims } from './tokens.ts'
import { idOf, MalformedWatch, parseWatch } from './watch.ts'

type Listener = {
  tell: Subscriber['tell']
  notice(status: 'ok' | 'error', message: string): void
}

export class ChangesSubscription {
  readonly #changes: Changes
  readonly #replication: Replication
  readonly #retry: Settings['subscribeRetryMs']
  readonly #parameters: Record<string, unknown>[]
  readonly #listener: Listener
  #subscriber: Subscriber | null = null
  #attempt = 0
  #timer: NodeJS.Timeout | null = null

  constructor(
    context: { changes: Changes; replication: Replication; settings: Settings },
    parameters: Record<string, unknown>[],
    listener: Listener,
  ) {
    this.#changes = context.changes
    this.#replication = context.replication
    this.#retry = context.settings.subscribeRetryMs
    this.#parameters = parameters
    this.#listener = listener
  }

  /** What the join is answered with: the client compares it with what it asked for. */
  echo(): Record<string, unknown>[] {
    return this.#parameters.map((parameters) => ({ ...parameters, id: idOf(parameters) }))
  }

  /** Called again with other claims, it is under these from now on, whatever the database says of them later. */
  begin(claims: Claims): void {
    if (this.#parameters.length === 0) return
    if (this.#subscriber) this.#subscriber.claims = claims
    void this.#try(claims, this.#cancel())
  }

  end(): void {
    this.#cancel()
    if (this.#subscriber) this.#changes.unsubscribe(this.#subscriber)
    this.#subscriber = null
  }

  #cancel(): number {
    if (this.#timer) clearTimeout(this.#timer)
    return ++this.#attempt
  }

  async #try(claims: Claims, attempt: number): Promise<void> {
    try {
      const watches = this.#parameters.map(parseWatch)
      const subscriber = { claims, watches, tell: this.#listener.tell }
      if (!(await this.#replication.reads(CHANGES_PUBLICATION))) {
        throw new Error(`The publication ${CHANGES_PUBLICATION} is not being read`)
      }
      await this.#changes.check(subscriber)
      if (attempt !== this.#attempt) return
      if (!this.#subscriber) {
        this.#subscriber = subscriber
        this.#changes.subscribe(subscriber)
      }
      this.#listener.notice('ok', 'Subscribed to PostgreSQL')
    } catch (error) {
      if (attempt !== this.#attempt) return
      this.#listener.notice('error', (error as Error).message)
      if (error instanceof MalformedWatch) return
      const { least, most } = this.#retry
      const pause = least + Math.random() * (most - least)
      this.#timer = setTimeout(() => void this.#try(claims, this.#cancel()), pause)
    }
  }
}
