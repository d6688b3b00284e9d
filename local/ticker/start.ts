/**
 * Does what pg_cron and pg_net do on hosted Supabase: calls `tick()` every second, and passes the database's wakes
 * on to functions. When the database was away, it listens again first and ticks then: what was notified in between is
 * lost, and `tick` finds the work all the same. Several tickers are harmless, since `tick` takes a lock and a function
 * that is woken twice finds nothing the second time.
 */
import postgres from 'postgres'
import { databaseUrl } from '../config.ts'
import type { PartContext, RunningPart } from '../part.ts'
import { createPost } from './post.ts'
import { createRelay } from './relay.ts'
import { startRhythm } from './rhythm.ts'
import { parseWake, WAKE_CHANNEL } from './wake.ts'

export type TickerOptions = PartContext & { everyMs?: number }

export async function startTicker({ config, log, everyMs = 1_000 }: TickerOptions): Promise<RunningPart> {
  const sql = postgres(databaseUrl(config, 'postgres'), {
    max: 1,
    backoff: () => 0.25,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: 'baton ticker', statement_timeout: 30_000 },
  })
  const relay = createRelay({ post: createPost(config, log), log })

  let lastFault: string | undefined
  const tick = async () => {
    try {
      await sql`select public.tick()`
      if (lastFault) log.info('ticking again')
      lastFault = undefined
    } catch (error) {
      const fault = String(error)
      if (fault !== lastFault) log.error('tick failed', { error })
      lastFault = fault
    }
  }

  const receive = (text: string) => {
    const wake = parseWake(text)
    if (wake) relay.wake(wake)
    else log.warn('not a wake', { text: text.slice(0, 500) })
  }

  let rhythm: ReturnType<typeof startRhythm> | undefined
  await sql.listen(WAKE_CHANNEL, receive, () => rhythm?.hurry())
  rhythm = startRhythm(tick, everyMs)

  return {
    async stop() {
      relay.stop()
      await rhythm.stop()
      await sql.end({ timeout: 1 })
    },
  }
}
