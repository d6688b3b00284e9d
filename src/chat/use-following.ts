import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  type WheelEvent,
} from 'react'
import { isAtEnd, isAwayAfter, isNearEnd, type Position } from './following.ts'

type Frame = RefObject<HTMLElement | null>

const KEYS_UP = new Set(['ArrowUp', 'PageUp', 'Home'])

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
  /** Who presses is on their way at once: text that comes before the first pixel was scrolled would take them back. */
  const leave = () => {
    if (!frame.current?.scrollTop) return
    note()
    setAway(true)
  }
  return {
    onKeyDown: ({ key, target }: KeyboardEvent) => {
      if (target === frame.current && KEYS_UP.has(key)) leave()
    },
    onWheel: ({ deltaY, ctrlKey, target }: WheelEvent) => {
      if (deltaY < 0 && !ctrlKey && !isTakenInside(frame.current, target)) leave()
    },
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

/** What scrolls within the frame, like a long block of code, takes the wheel for itself until its own beginning. */
function isTakenInside(frame: HTMLElement | null, target: EventTarget): boolean {
  for (let node = target as Element | null; node && node !== frame; node = node.parentElement) {
    if (node.scrollTop > 0) return true
  }
  return false
}

function positionOf({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Position {
  return { top: scrollTop, most: scrollHeight - clientHeight }
}
