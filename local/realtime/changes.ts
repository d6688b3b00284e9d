/**
 * postgres_changes. A change is evaluated once, in one query, for all who subscribed to it: its values, which columns each
 * role may read, whose filters it passes, and, on a table with policies, who sees the row under their own claims.
 * Audiences that agree in role, claims and filters are asked once.
 *
 * Queries for several changes run at the same time; what they answer is delivered in the order of the log (`#tail`). A
 * subscription counts from the moment it is in the list, before its channel is told so.
 */
import type postgres from 'postgres'
import type { Log } from '../log.ts'
import { changePayload, type Evaluation, errorFor, errorPayload } from './change-payload.ts'
import { describeOutage } from './database.ts'
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

export class Changes {
  readonly #sql: postgres.Sql
  readonly #settings: Settings
  readonly #log: Log
  readonly #subscribers = new Set<Subscriber>()
  #tail: Promise<void> = Promise.resolve()

  constructor(sql: postgres.Sql, settings: Settings, log: Log) {
    this.#sql = sql
    this.#settings = settings
    this.#log = log
  }

  /** Throws, in words for the subscriber, when the database does not accept the subscription. */
  async subscribe(subscriber: Subscriber): Promise<void> {
    for (const watch of subscriber.watches) await this.#check(watch, subscriber.claims.role)
    this.#subscribers.add(subscriber)
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
    const { interests, audiences } = this.#interestsIn(change)
    if (interests.length === 0) return null
    const evaluating = this.#evaluate(change, audiences)
    evaluating.catch(() => {})
    this.#tail = this.#tail.then(async () => {
      try {
        this.#deliver(change, interests, audiences, await evaluating)
      } catch (error) {
        this.#log.error('a change could not be delivered', {
          schema: change.schema,
          table: change.table,
          error,
        })
      }
    })
    return this.#tail
  }

  #interestsIn(change: RowChange): { interests: Interest[]; audiences: Audience[] } {
    const interests: Interest[] = []
    const audiences: Audience[] = []
    const known = new Map<string, number>()
    for (const subscriber of this.#subscribers) {
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

  async #evaluate(change: RowChange, audiences: Audience[]): Promise<Evaluation & { protected: boolean }> {
    const { relation, action, newRow, oldRow } = change
    const [evaluation] = await this.#sql<[Evaluation & { protected: boolean }]>`
      select e.*, (select relrowsecurity from pg_class where oid = ${relation}::oid) as protected
      from realtime.evaluate_change(
        ${relation}::oid, ${action}, ${newRow.names}::text[], ${newRow.values}::text[],
        ${oldRow.names}::text[], ${oldRow.values}::text[], ${JSON.stringify(audiences)}::text::jsonb
      ) e`
    return evaluation
  }

  #deliver(
    change: RowChange,
    interests: Interest[],
    audiences: Audience[],
    evaluation: Evaluation & { protected: boolean },
  ): void {
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
