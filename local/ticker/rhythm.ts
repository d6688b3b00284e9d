import { setTimeout as delay } from 'node:timers/promises'

export type Rhythm = { hurry(): void; stop(): Promise<void> }

/** Does it, waits, does it again: never twice at once. `hurry` ends the wait, or skips the one that would follow. */
export function startRhythm(work: () => Promise<void>, everyMs: number): Rhythm {
  let stopped = false
  let pause = new AbortController()

  const run = async () => {
    while (!stopped) {
      pause = new AbortController()
      await work()
      if (!stopped) await delay(everyMs, undefined, { signal: pause.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    hurry: () => pause.abort(),
    async stop() {
      stopped = true
      pause.abort()
      await running
    },
  }
}
