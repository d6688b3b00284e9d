import { useEffect } from 'react'
import { rpc } from '../rpc.ts'

const AT_MOST_EVERY = 20_000

/** A holder who reads and types is not silent, though nothing was sent yet. */
export function useTouch(id: string | null): void {
  useEffect(() => {
    if (id === null) return
    let touchedAt = Number.NEGATIVE_INFINITY
    const touch = () => {
      if (Date.now() - touchedAt < AT_MOST_EVERY) return
      touchedAt = Date.now()
      void rpc('touch_escalation', { escalation_id: id }).catch(() => {
        touchedAt = Number.NEGATIVE_INFINITY
      })
    }
    const listening = new AbortController()
    for (const kind of ['keydown', 'pointerdown', 'wheel'])
      document.addEventListener(kind, touch, { passive: true, signal: listening.signal })
    return () => listening.abort()
  }, [id])
}
