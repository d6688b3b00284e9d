/** Keeps the daily partitions of realtime.messages ahead of time, and drops those that are older than three days. */
import type postgres from 'postgres'
import type { Log } from '../log.ts'
import type { Settings } from './settings.ts'

export function keepPartitions(sql: postgres.Sql, settings: Settings, log: Log): { stop(): void } {
  let doneFor = ''
  const create = async () => {
    const today = new Date().toISOString().slice(0, 10)
    if (today === doneFor) return
    await sql`select realtime.create_message_partitions()`
    doneFor = today
  }
  const drop = async () => {
    const [row] = await sql<[{ dropped: number }]>`
      select realtime.drop_old_message_partitions() as dropped`
    if (row.dropped > 0) log.info('dropped old partitions of realtime.messages', { count: row.dropped })
  }
  const attempt = (what: () => Promise<void>) => () =>
    void what().catch((error: unknown) => log.warn('partitions of realtime.messages need a retry', { error }))

  attempt(create)()
  const checks = setInterval(attempt(create), settings.partitionCheckMs)
  const drops = setInterval(attempt(drop), settings.janitorEveryMs)
  const firstDrop = setTimeout(attempt(drop), settings.janitorFirstMs)
  return {
    stop() {
      clearInterval(checks)
      clearInterval(drops)
      clearTimeout(firstDrop)
    },
  }
}
