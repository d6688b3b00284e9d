/** The thread that a link led to. Whoever draws it opens it, once: from then on it is folded and left as people like. */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

type Wanted = { threadId: string; isShown: boolean }

let wanted: Wanted | null = null
const listeners = new Set<() => void>()

export function attendTo(threadId: string | null): void {
  wanted = threadId === null ? null : { threadId, isShown: false }
  for (const listener of [...listeners]) listener()
}

/** The thread itself is in view. What comes into view again is not opened again. */
export function noteShown(): void {
  if (wanted) wanted.isShown = true
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Answers whether it is wanted, and calls `open` each time that it becomes so and is not shown yet. */
export function useWanted(isMeant: (threadId: string) => boolean, open: () => void): boolean {
  const now = useSyncExternalStore(subscribe, () => wanted)
  const isWanted = now !== null && isMeant(now.threadId)
  const arrive = useEffectEvent(open)
  useEffect(() => {
    if (isWanted && !now.isShown) arrive()
  }, [now, isWanted])
  return isWanted
}
