/** Whether the person at this keyboard types, and in which chat. Told again while it goes on, since it is forgotten. */
import { type Clock, systemClock } from '../feed/index.ts'

const PAUSE = 5_000
const TOLD_AGAIN_AFTER = 10_000

export function createTyping(clock: Clock) {
  let now: { chatId: string; count: number; toldAt: number } | null = null
  let count = 0
  let callOff = () => {}
  const listeners = new Set<() => void>()

  function change(next: typeof now) {
    now = next
    for (const listener of listeners) listener()
  }

  return {
    /** At every letter. */
    note(chatId: string) {
      callOff()
      callOff = clock.after(PAUSE, () => change(null))
      const at = clock.now()
      if (now?.chatId === chatId && at - now.toldAt < TOLD_AGAIN_AFTER) return
      count += 1
      change({ chatId, count, toldAt: at })
    },
    stop() {
      callOff()
      if (now) change(null)
    },
    /** 0: nobody types there. */
    countIn: (chatId: string | undefined) => (now !== null && now.chatId === chatId ? now.count : 0),
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const typing = createTyping(systemClock)
