/** The thread that a link led to. Whoever draws it opens it, once. */
import { useSyncExternalStore } from 'react'

let wanted: { threadId: string } | null = null
const listeners = new Set<() => void>()

export function attendTo(threadId: string | null): void {
  wanted = threadId === null ? null : { threadId }
  for (const listener of [...listeners]) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useWantedThread = (): string | null =>
  useSyncExternalStore(subscribe, () => wanted?.threadId ?? null)
