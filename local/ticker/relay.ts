/**
 * Passes wakes on to functions. A wake only says "look now": rows hold the work, and `tick` wakes again while it waits.
 * So it is enough to try a few times, a wake equal to one that still waits is dropped, and nothing is kept on disk. One
 * that equals a wake *under way* is not dropped, since that function may have looked before the newer work was there.
 */
import type { Log } from '../log.ts'
import type { Wake } from './wake.ts'

export type RelayOptions = {
  /** Rejects when it is worth trying again. */
  post(wake: Wake): Promise<void>
  log: Log
  atOnce?: number
  retryDelaysMs?: number[]
}

export type Relay = { wake(wake: Wake): void; stop(): void }

type Waiting = { wake: Wake; attempt: number }

export function createRelay({
  post,
  log,
  atOnce = 16,
  retryDelaysMs = [100, 250, 500, 1_000, 2_000],
}: RelayOptions): Relay {
  const queue = new Map<string, Waiting>()
  const retries = new Map<string, NodeJS.Timeout>()
  let underWay = 0

  const enqueue = (waiting: Waiting) => {
    const key = JSON.stringify(waiting.wake)
    clearTimeout(retries.get(key))
    retries.delete(key)
    if (!queue.has(key)) queue.set(key, waiting)
    next()
  }

  const next = () => {
    for (const [key, waiting] of queue) {
      if (underWay >= atOnce) return
      queue.delete(key)
      void deliver(waiting)
    }
  }

  const deliver = async (waiting: Waiting) => {
    underWay++
    try {
      await post(waiting.wake)
    } catch (error) {
      tryAgain(waiting, error)
    } finally {
      underWay--
      next()
    }
  }

  const tryAgain = ({ wake, attempt }: Waiting, error: unknown) => {
    const key = JSON.stringify(wake)
    const delayMs = retryDelaysMs[attempt]
    const fields = { function: wake.function, attempt: attempt + 1, error }
    if (delayMs === undefined) return log.warn('wake given up; the next tick wakes again', fields)
    log.debug('wake not delivered', fields)
    if (queue.has(key) || retries.has(key)) return
    retries.set(
      key,
      setTimeout(() => enqueue({ wake, attempt: attempt + 1 }), delayMs),
    )
  }

  return {
    wake: (wake) => enqueue({ wake, attempt: 0 }),
    stop() {
      queue.clear()
      for (const timer of retries.values()) clearTimeout(timer)
      retries.clear()
    },
  }
}
