/**
 * Carries the contents of deployments from rows to Storage, where they stay, and deletes what nothing refers to any more.
 * It takes what any builder left, so nothing depends on this one living on. While builds follow each other it lets them go
 * first, for a while: rows serve as well. While Storage is away it waits, longer each time.
 */
import type { BuilderLog } from './builder.ts'
import type { Builds } from './builds.ts'
import { backoff, type Storage } from './storage.ts'

const SOON_MS = 2_500
const LATEST_MS = 10_000
const IDLE_MS = 30_000
const SWEEP_EVERY_MS = 60_000

export function startJanitor({
  builds,
  storage,
  log,
}: {
  builds: Builds
  storage: Storage
  log: BuilderLog
}) {
  let timer: NodeJS.Timeout | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let working: Promise<void> = Promise.resolve()
  let stopped = false
  let failures = 0
  let sweptAt = Date.now()
  /** When the first of those builds ended whose contents were not carried yet. */
  let newSince: number | undefined

  const plan = (ms: number) => {
    if (Date.now() + ms < dueAt) planAnew(ms)
  }

  const planAnew = (ms: number) => {
    if (stopped) return
    clearTimeout(timer)
    dueAt = Date.now() + ms
    timer = setTimeout(() => {
      dueAt = Number.POSITIVE_INFINITY
      working = work()
    }, ms)
    timer.unref()
  }

  const work = async () => {
    newSince = undefined
    try {
      const carried = await carry()
      if (Date.now() - sweptAt > SWEEP_EVERY_MS) {
        sweptAt = Date.now()
        await sweep()
      }
      failures = 0
      plan(carried > 0 ? 100 : IDLE_MS)
    } catch (error) {
      if (failures === 0) log.warn('contents stay in rows for now', { error })
      plan(backoff(++failures + 2))
    }
  }

  const carry = async (): Promise<number> => {
    const blobs = await builds.freshToStore()
    if (blobs.length === 0) return 0
    await storage.put(blobs.map(({ hash, content, type }) => ({ path: `blobs/${hash}`, type, content })))
    await builds.stored(blobs.map(({ hash }) => hash))
    return blobs.length
  }

  const sweep = async () => {
    const hashes = await builds.doomed()
    if (hashes.length === 0) return
    await storage.remove(hashes.map((hash) => `blobs/${hash}`))
    await builds.forget(hashes)
  }

  plan(IDLE_MS / 3)
  return {
    /** There is something new to carry. */
    hurry(): void {
      newSince ??= Date.now()
      if (failures > 0) plan(backoff(failures + 2))
      else planAnew(Math.min(SOON_MS, newSince + LATEST_MS - Date.now()))
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}
