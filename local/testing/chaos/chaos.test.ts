/** A short run of what `npm run chaos` does at length: whatever dies whenever, the conversation is the one of its script. */
import { expect, test } from 'vitest'
import { createTestDatabase } from '../database.ts'
import { explain, summarise } from './report.ts'
import { runChaos } from './run-chaos.ts'

test('conversations whose workers are killed, frozen and cut off end as if nothing had happened', {
  timeout: 240_000,
}, async () => {
  await using database = await createTestDatabase()
  const sql = database.sql('supabase_admin')
  const cutOff = async () => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${database.name} and application_name = 'baton agent'`
  }
  const report = await runChaos({ database: database.config, seed: 20_261_121, kills: 25, shake: cutOff })
  process.stdout.write(`${summarise(report)}\n`)
  expect(report.failed.map(explain).join('\n')).toBe('')
  expect(report.verdicts.flatMap(({ takeovers }) => takeovers).length).toBeGreaterThan(10)
})
