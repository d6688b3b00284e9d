import type { Clock } from '../clock.ts'

export type VirtualClock = Clock & { advance(duration: number): Promise<void> }

/** Time that passes only when a test says so; promises settle between any two tasks. */
export function createVirtualClock(): VirtualClock {
  let time = 0
  let count = 0
  const tasks = new Map<number, { at: number; run: () => void }>()

  function nextBefore(end: number) {
    let next: number | null = null
    for (const [id, { at }] of tasks) {
      if (at <= end && (next === null || at < tasks.get(next)!.at)) next = id
    }
    return next
  }

  return {
    now: () => time,
    after(delay, run) {
      const id = count++
      tasks.set(id, { at: time + delay, run })
      return () => tasks.delete(id)
    },
    async advance(duration) {
      const end = time + duration
      await promisesSettled()
      for (let id = nextBefore(end); id !== null; id = nextBefore(end)) {
        const { at, run } = tasks.get(id)!
        tasks.delete(id)
        time = at
        run()
        await promisesSettled()
      }
      time = end
    },
  }
}

const promisesSettled = () => new Promise((resolve) => setImmediate(resolve))
