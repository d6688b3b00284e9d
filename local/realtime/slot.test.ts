import { expect, test } from 'vitest'
import { createTestDatabase } from '../testing/database.ts'
import { silentLog } from '../testing/throwaway.ts'
import { connect } from './database.ts'
import { dropSlot, prepareSlot } from './slot.ts'

test('a connection that dies while the slot is made is an error like any other, and a later attempt makes it', async () => {
  await using database = await createTestDatabase()
  const superuser = database.sql('supabase_admin')
  const sql = connect(database.url('supabase_admin'), 1, silentLog)
  const name = `slot_of_${database.name}`
  const writer = await superuser.reserve()
  try {
    // A slot cannot be made before the transactions that write have ended.
    await writer`begin`
    await writer`select pg_current_xact_id()`
    const [{ pid }] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`
    const made = prepareSlot(sql, name, null).then(
      () => 'made',
      (error: { code?: string }) => error.code,
    )
    await expect
      .poll(() => superuser`select from pg_stat_activity where pid = ${pid} and wait_event_type = 'Lock'`)
      .toHaveLength(1)
    await superuser`select pg_terminate_backend(${pid})`
    expect(await made).toMatch(/57P01|CONNECTION_CLOSED/)
    await writer`rollback`

    await expect.poll(() => prepareSlot(sql, name, null).catch(String)).toBe('created')
  } finally {
    writer.release()
    await dropSlot(sql, name)
    await sql.end({ timeout: 1 })
  }
})
