import { useEffect, useRef, useState } from 'react'
import { isAwayAfter, isFarFromEnd, type Position } from './following.ts'

/**
 * Keeps the end of what scrolls in view for who has not gone away from it, whatever changes its size or that of the
 * window. Who is away is known at once and not with the next render: sizes change before that.
 */
export function useFollowing(isShown: boolean) {
  const frame = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const last = useRef<Position>({ top: 0, most: 0 })
  const away = useRef(false)
  const [isAway, showAway] = useState(false)
  const setAway = (next: boolean) => {
    away.current = next
    showAway(next)
  }

  useEffect(() => {
    const [box, inside] = [frame.current, content.current]
    if (!isShown || !box || !inside) return
    const observer = new ResizeObserver(() => {
      if (!away.current) box.scrollTop = box.scrollHeight
      last.current = positionOf(box)
    })
    observer.observe(box)
    observer.observe(inside)
    return () => observer.disconnect()
  }, [isShown])

  return {
    frame,
    content,
    isAway,
    onScroll: () => {
      if (!frame.current) return
      const now = positionOf(frame.current)
      setAway(isAwayAfter(away.current, last.current, now))
      last.current = now
    },
    goAway: () => setAway(true),
    /** For who was led somewhere: in a chat that fits the window nothing scrolls, so no scroll says where that is. */
    look: () => {
      if (frame.current) setAway(isFarFromEnd(positionOf(frame.current)))
    },
    comeBack: () => {
      setAway(false)
      if (frame.current) frame.current.scrollTop = frame.current.scrollHeight
    },
  }
}

function positionOf({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Position {
  return { top: scrollTop, most: scrollHeight - clientHeight }
}
