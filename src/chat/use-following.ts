import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { isAtEnd, isAwayAfter, isNearEnd, type Position } from './following.ts'

type Frame = RefObject<HTMLElement | null>

/**
 * Whether the reader of what scrolls in this frame went away from its end. It is known at once, and not with the next
 * render: sizes may change before that.
 */
export function useAway(frame: Frame, onMoved: (pixels: number, windowHeight: number) => void) {
  const [isShownAway, showAway] = useState(false)
  const isAway = useRef(false)
  const last = useRef<Position>({ top: 0, most: 0 })
  const setAway = (next: boolean) => {
    isAway.current = next
    showAway(next)
  }
  const note = () => {
    if (frame.current) last.current = positionOf(frame.current)
  }
  return {
    isAway: isShownAway,
    isAwayNow: () => isAway.current,
    setAway,
    note,
    onScroll: () => {
      const before = last.current
      note()
      setAway(isAwayAfter(isAway.current, before, last.current))
      onMoved(last.current.top - before.top, frame.current?.clientHeight ?? 0)
    },
    /** For who was led somewhere: in a chat that fits the window nothing scrolls, so no scroll says where that is. */
    look: () => {
      note()
      setAway(!isNearEnd(last.current))
    },
  }
}

type Staying = {
  frame: Frame
  isShown: boolean
  height: number
  away: ReturnType<typeof useAway>
  toEnd(): void
}

/** Keeps the end in view for who is not away, whenever the height of all that scrolls, or the window, changes. */
export function useStayAtEnd({ frame, isShown, height, away, toEnd }: Staying): void {
  const stay = useEffectEvent(() => {
    if (!away.isAwayNow() && frame.current && !isAtEnd(positionOf(frame.current))) toEnd()
    away.note()
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what this follows
  useLayoutEffect(() => stay(), [height])
  useEffect(() => {
    if (!isShown || !frame.current) return
    const observer = new ResizeObserver(() => stay())
    observer.observe(frame.current)
    return () => observer.disconnect()
  }, [isShown, frame])
}

function positionOf({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Position {
  return { top: scrollTop, most: scrollHeight - clientHeight }
}
