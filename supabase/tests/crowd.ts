/** Many people at once: the same database, reached over that many connections, all open before anything begins. */
import postgres from 'postgres'
import type { Actor, Database } from './database.ts'

export type Crowd = Pick<Database, 'sql' | 'as'> & AsyncDisposable

export async function gather(db: Database, size: number): Promise<Crowd> {
  const api = postgres(db.url('authenticator'), { max: size, onnotice: () => {} })
  const open = await Promise.all(Array.from({ length: size }, () => api.reserve()))
  for (const connection of open) connection.release()
  const as = <T>(actor: Actor, run: (sql: postgres.TransactionSql) => Promise<T>) =>
    api.begin(async (transaction) => {
      await transaction`select set_config('role', ${actor.role}, true),
        set_config('request.jwt.claims', ${JSON.stringify(actor)}, true)`
      return await run(transaction)
    }) as Promise<T>
  return { sql: db.sql, as, [Symbol.asyncDispose]: () => api.end({ timeout: 1 }) }
}

/** What became of each: `ok`, or the code of its refusal. */
export async function outcomes(attempts: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const result of await Promise.allSettled(attempts)) {
    const outcome = result.status === 'fulfilled' ? 'ok' : String(result.reason.code ?? result.reason)
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

/** Resolves once some statement in this database waits for a lock. */
export async function someoneWaits(db: Database): Promise<void> {
  for (let waiting = 0; waiting === 0; ) {
    const rows = await db.sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    waiting = rows.length
  }
}

/** The same numbers for the same seed, so that a failure can be repeated. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
