/**
 * The policies on realtime.messages say who may use a private channel. They are asked by probe rows, under the user's
 * own claims, in one round trip; the answers are kept by the channel until it gets a new token or is joined again.
 */
import type postgres from 'postgres'
import type { Log } from '../log.ts'
import { describeOutage } from './database.ts'
import type { Claims } from './tokens.ts'

export type Extension = 'broadcast' | 'presence'
export type Asker = { topic: string; claims: Claims; headers: Record<string, string> }
export type ReadRights = { broadcast: boolean; presence: boolean }

/** The database could not be asked. A policy that fails is not this: it is a refusal. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
}

export class Authorizer {
  readonly #sql: postgres.Sql
  readonly #log: Log

  constructor(sql: postgres.Sql, log: Log) {
    this.#sql = sql
    this.#log = log
  }

  async mayRead(asker: Asker, withPresence: boolean): Promise<ReadRights> {
    const { topic, claims, headers } = asker
    const [rights] = await this.#ask(asker, () => {
      const sql = this.#sql
      return sql<[ReadRights]>`select broadcast, presence from realtime.probe_read(
        ${topic}, ${JSON.stringify(claims)}::text::jsonb, ${JSON.stringify(headers)}::text::jsonb, ${withPresence})`
    })
    return rights ?? { broadcast: false, presence: false }
  }

  async mayWrite(asker: Asker, extension: Extension): Promise<boolean> {
    const { topic, claims, headers } = asker
    const [answer] = await this.#ask(asker, () => {
      const sql = this.#sql
      return sql<[{ allowed: boolean }]>`select realtime.probe_write(
        ${topic}, ${JSON.stringify(claims)}::text::jsonb, ${JSON.stringify(headers)}::text::jsonb, ${extension}
      ) as allowed`
    })
    return answer?.allowed ?? false
  }

  async #ask<Row>(asker: Asker, query: () => PromiseLike<Row[]>): Promise<Row[]> {
    try {
      return await query()
    } catch (error) {
      const outage = describeOutage(error)
      if (outage) throw new Unanswered(outage, { cause: error })
      this.#log.warn('a policy on realtime.messages failed', { topic: asker.topic, error })
      return []
    }
  }
}
