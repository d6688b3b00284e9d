/**
 * postgres_changes. A change is evaluated once, in one query, for all who subscribed to it: its values, which columns each
 * role may read, whose filters it passes, and, on a table with policies, who sees the row under their own claims.
 * Audiences that agree in role, claims and filters are asked once.
 *
 * Queries for several changes run at the same time; what they answer is delivered in the order of the log (`#tail`). A
 * subscription counts from the moment it is in the list, before its channel is told so.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Log } from '../log.ts'
import { changePayload, type Evaluation, errorFor, errorPayload } from './change-payload.ts'
import { describeOutage, isUnreachable } from './database.ts'
import type { Held } from './held.ts'
import type { RowChange } from './log-stream.ts'
import { CHANGES_PUBLICATION } from './replication.ts'
import type { Settings } from './settings.ts'
import type { Claims } from './tokens.ts'
import { concerns, describeWatch, type Watch } from './watch.ts'

export type Subscriber = {
  claims: Claims
  readonly watches: Watch[]
  /** `data` is JSON text. */
  tell(ids: number[], data: string): void
}

type Interest = { subscriber: Subscriber; watch: Watch; audience: number }
type Audience = { role: string; claims: string; filters: Watch['filters'] }
type Evaluated = Evaluation & { protected: boolean }

const RETRY_MS = 200

export class Changes {
  readonly #sql: postgres.Sql
  readonly #held: Held<RowChange>
  readonly #settings: Settings
  readonly #log: Log
  readonly #subscribers = new Set<Subscriber>()
  readonly #stopping = new AbortController()
  #tail: Promise<void> = Promise.resolve()

  constructor(sql: postgres.Sql, held: Held<RowChange>, settings: Settings, log: Log) {
    this.#sql = sql
    this.#held = held
    this.#settings = settings
    this.#log = log
  }

  /** Throws, in words for the subscriber, when the database does not accept the subscription. */
  async check(subscriber: Subscriber): Promise<void> {
    for (const watch of subscriber.watches) await this.#check(watch, subscriber.claims.role)
  }

  /** Begins with what is held for those who return after a restart. */
  subscribe(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
    for (const change of this.#held.all(Date.now())) this.#queue(change, [subscriber])
  }

  stop(): void {
    this.#stopping.abort()
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
  }

  async #check(watch: Watch, role: string): Promise<void> {
    const relations = await this.#sql<{ relation: number }[]>`
      select format('%I.%I', schemaname, tablename)::regclass::oid as relation
      from pg_publication_tables
      where pubname = ${CHANGES_PUBLICATION}
        and ${watch.schema}::text in ('*', schemaname) and ${watch.table}::text in ('*', tablename)`
    if (relations.length === 0) {
      throw new Error(
        `Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: ${describeWatch(watch)}`,
      )
    }
    try {
      for (const { relation } of relations) await this.#checkColumns(relation, watch, role)
    } catch (error) {
      if (describeOutage(error)) throw error
      throw new Error(
        `Unable to subscribe to changes with given parameters. An exception happened so please check your connect parameters: ${describeWatch(watch)}. Exception: ${(error as Error).message}`,
        { cause: error },
      )
    }
  }

  async #checkColumns(relation: number, watch: Watch, role: string): Promise<void> {
    await this.#sql`select realtime.check_subscription(
      ${relation}::oid, ${role}, ${JSON.stringify(watch.filters)}::text::jsonb, ${watch.select}::text[])`
  }

  /** Null when nobody asked for it; otherwise resolves when everybody was told. */
  handle(change: RowChange): Promise<void> | null {
    return this.#queue(change, this.#subscribers)
  }

  #queue(change: RowChange, subscribers: Iterable<Subscriber>): Promise<void> | null {
    const { interests, audiences } = findInterests(change, subscribers)
    if (interests.length === 0) return null
    const evaluating = this.#evaluate(change, audiences)
    evaluating.catch(() => {})
    this.#tail = this.#tail.then(async () => {
      try {
        this.#deliver(change, interests, audiences, await evaluating)
      } catch (error) {
        if (this.#stopping.signal.aborted) return
        this.#log.error('a change could not be delivered', {
          schema: change.schema,
          table: change.table,
          error,
        })
      }
    })
    return this.#tail
  }

  /** While the database is out of reach, the change waits for it, and those behind it with it. */
  async #evaluate(change: RowChange, audiences: Audience[]): Promise<Evaluated> {
    while (true) {
      try {
        return await this.#ask(change, audiences)
      } catch (error) {
        if (!isUnreachable(error)) throw error
        await delay(RETRY_MS, undefined, { signal: this.#stopping.signal })
      }
    }
  }

  async #ask(change: RowChange, audiences: Audience[]): Promise<Evaluated> {
    const { relation, action, transaction, newRow, oldRow } = change
    const [evaluation] = await this.#sql<[Evaluated]>`
      select e.*, (select relrowsecurity from pg_class where oid = ${relation}::oid) as protected
      from realtime.evaluate_change(
        ${relation}::oid, ${action}, ${transaction}::int8, ${newRow.names}::text[], ${newRow.values}::text[],
        ${oldRow.names}::text[], ${oldRow.values}::text[], ${JSON.stringify(audiences)}::text::jsonb
      ) e`
    return evaluation
  }

  #deliver(change: RowChange, interests: Interest[], audiences: Audience[], evaluation: Evaluated): void {
    const payloads = new Map<string, string>()
    const told = new Map<Subscriber, Map<string, number[]>>()
    for (const { subscriber, watch, audience } of interests) {
      if (!this.#subscribers.has(subscriber)) continue
      const { role } = audiences[audience]!
      const error = errorFor(role, change, evaluation)
      if (!error && !evaluation.visible[audience]) continue
      const key = JSON.stringify([role, error ? null : watch.select])
      if (!payloads.has(key)) {
        const view = {
          role,
          select: watch.select,
          isProtected: evaluation.protected,
          maxBytes: this.#settings.maxChangeBytes,
        }
        payloads.set(key, error ? errorPayload(change, error) : changePayload(change, evaluation, view))
      }
      const groups = told.get(subscriber) ?? new Map<string, number[]>()
      told.set(subscriber, groups.set(key, [...(groups.get(key) ?? []), watch.id]))
    }
    for (const [subscriber, groups] of told) {
      for (const [key, ids] of groups) subscriber.tell(ids, payloads.get(key)!)
    }
  }
}

function findInterests(
  change: RowChange,
  subscribers: Iterable<Subscriber>,
): { interests: Interest[]; audiences: Audience[] } {
  const interests: Interest[] = []
  const audiences: Audience[] = []
  const known = new Map<string, number>()
  for (const subscriber of subscribers) {
    for (const watch of subscriber.watches) {
      if (!concerns(watch, change)) continue
      const audience = {
        role: subscriber.claims.role,
        claims: JSON.stringify(subscriber.claims),
        filters: watch.filters,
      }
      const key = JSON.stringify(audience)
      const index = known.get(key) ?? audiences.push(audience) - 1
      known.set(key, index)
      interests.push({ subscriber, watch, audience: index })
    }
  }
  return { interests, audiences }
}
