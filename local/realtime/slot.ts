/**
 * The replication slot, which makes the database keep what has not been read yet. It outlives this process, so that a
 * restart reads on where the last one stopped; but a slot that nobody reads makes the log grow, so:
 *
 * - while the server runs it reads and confirms all the time, whether or not anybody is joined;
 * - at start, a slot that lay idle for minutes, or that the server had to give up (`max_slot_wal_keep_size`), is
 *   replaced: no client remembers that long, and whoever returns reads the rows;
 * - on a server of the operator's own, whose disk is not ours to fill, a clean stop drops it.
 *
 * A temporary slot, as hosted Realtime has, was turned down: what is committed while it is away is lost unnoticed.
 */
import type postgres from 'postgres'

export type SlotState = 'created' | 'resumed'
type SlotRow = { idle_seconds: number | null; lost: boolean }

export async function nameSlot(sql: postgres.Sql): Promise<string> {
  const [row] = await sql<[{ oid: number }]>`select oid from pg_database where datname = current_database()`
  return `baton_realtime_${row.oid}`
}

/** `maxIdleMs` null: within one process a slot is never too old. */
export async function prepareSlot(
  sql: postgres.Sql,
  name: string,
  maxIdleMs: number | null,
): Promise<SlotState> {
  const slot = await findSlot(sql, name)
  if (slot) {
    await releaseSlot(sql, name)
    const tooOld = maxIdleMs !== null && (slot.idle_seconds ?? 0) * 1000 > maxIdleMs
    if (!slot.lost && !tooOld) return 'resumed'
    await dropSlot(sql, name)
  }
  await createSlot(sql, name)
  return 'created'
}

/** Waits for the transactions that are under way, however long they take. */
async function createSlot(sql: postgres.Sql, name: string): Promise<void> {
  // One message, and so one transaction: see `local/begin.unit.test.ts` for what is wrong with `sql.begin`.
  await sql
    .unsafe(`
      set local statement_timeout = 0;
      select pg_create_logical_replication_slot('${name.replaceAll("'", "''")}', 'pgoutput')`)
    .simple()
}

export async function dropSlot(sql: postgres.Sql, name: string): Promise<void> {
  await releaseSlot(sql, name)
  await sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${name}`
}

/** Columns that older servers lack are read through JSON. */
async function findSlot(sql: postgres.Sql, name: string): Promise<SlotRow | undefined> {
  const [slot] = await sql<SlotRow[]>`
    select
      extract(epoch from now() - (to_jsonb(s) ->> 'inactive_since')::timestamptz)::float8 as idle_seconds,
      coalesce(wal_status = 'lost', false) as lost
    from pg_replication_slots s where slot_name = ${name}`
  return slot
}

/** The server may not have noticed yet that its reader is gone. */
export async function releaseSlot(sql: postgres.Sql, name: string): Promise<void> {
  await sql`
    select pg_terminate_backend(active_pid, 2000) from pg_replication_slots
    where slot_name = ${name} and active_pid is not null`
}
