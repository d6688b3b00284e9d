/**
 * One function and the process that runs it at the moment.
 *
 *   nothing ──request──▶ booting ──listens──▶ serving ──exit──▶ (backoff) ──▶ booting …
 *                           └──fails──▶ nothing, with the reason; the next request tries again after the backoff
 *
 * `current` is a promise, so that everybody who comes while it boots waits for the same process. A reload replaces it
 * at once and drains the former one behind the scenes: a request belongs to the process that it was given, and that
 * process is told to leave only when nobody holds it. So no request is dropped, whatever happens in between.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { Refusal } from './refusal.ts'
import type { Worker } from './worker.ts'

const DELAYS_MS = [0, 250, 500, 1_000, 2_000, 5_000]
const STEADY_AFTER_MS = 10_000
const PATIENCE_TO_WAIT_MS = 2_000
const PATIENCE_TO_RELOAD_MS = 10_000

export type EdgeFunction = {
  /** The process to ask, held until `release`. Refuses with BOOT_ERROR when there is none and will not be soon. */
  acquire(): Promise<{ worker: Worker; release: () => void }>
  readonly pid: number | undefined
  reload(): Promise<void>
  stop(patienceMs: number): Promise<void>
}

export function createEdgeFunction(boot: () => Promise<Worker>, log: Log): EdgeFunction {
  let current: Promise<Worker> | undefined
  let serving: Worker | undefined
  let failures = 0
  let retryAt = 0
  let reason: unknown
  const stopping = new AbortController()

  const start = (): Promise<Worker> => {
    const booting = bootWhenDue()
    current = booting
    booting.then(
      (worker) => onServing(booting, worker),
      (error: unknown) => onBootFailed(booting, error),
    )
    return booting
  }

  const bootWhenDue = async () => {
    const wait = retryAt - Date.now()
    if (wait > 0) await delay(wait, undefined, { signal: stopping.signal })
    return await boot()
  }

  const onServing = (booting: Promise<Worker>, worker: Worker) => {
    const since = Date.now()
    if (current === booting) serving = worker
    void worker.exited.then(() => {
      if (current !== booting || stopping.signal.aborted) return
      if (Date.now() - since > STEADY_AFTER_MS) failures = 0
      serving = undefined
      backOff()
      log.error('function died, restarting it', {
        pid: worker.pid,
        delayMs: Math.max(0, retryAt - Date.now()),
      })
      start()
    })
  }

  const onBootFailed = (booting: Promise<Worker>, error: unknown) => {
    if (current !== booting || stopping.signal.aborted) return
    current = undefined
    serving = undefined
    reason = error
    backOff()
    log.error('function did not boot', { error })
  }

  const backOff = () => {
    retryAt = Date.now() + DELAYS_MS[Math.min(failures++, DELAYS_MS.length - 1)]!
  }

  return {
    get pid() {
      return serving?.pid
    },
    async acquire() {
      if (stopping.signal.aborted) throw new Refusal('BOOT_ERROR', { message: 'Baton is stopping.' })
      const isFarAway = retryAt - Date.now() > PATIENCE_TO_WAIT_MS
      if (isFarAway && !serving) throw new Refusal('BOOT_ERROR', { cause: reason })
      try {
        const worker = await (current ?? start())
        return { worker, release: worker.hold() }
      } catch (cause) {
        throw new Refusal('BOOT_ERROR', { cause })
      }
    },
    async reload() {
      const former = current
      failures = 0
      retryAt = 0
      start()
      const retired = await former?.catch(() => undefined)
      await retired?.drain(PATIENCE_TO_RELOAD_MS)
    },
    async stop(patienceMs) {
      stopping.abort()
      const worker = await current?.catch(() => undefined)
      await worker?.drain(patienceMs)
    },
  }
}
