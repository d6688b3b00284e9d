import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'

const KEY = 'baton.chat-width'
const LEAST = 26
const MOST = 70
const USUAL = 42

type Split = { frame: RefObject<HTMLDivElement | null>; percent: number; move(percent: number): void }

/** How much of the width the chat has, in percent, as it was left. */
export function useSplit(): Split {
  const frame = useRef<HTMLDivElement>(null)
  const [percent, setPercent] = useState(() => within(Number(localStorage.getItem(KEY) ?? USUAL)))
  useEffect(() => {
    frame.current?.style.setProperty('--chat-width', `${percent}%`)
  }, [percent])
  return {
    frame,
    percent,
    move(next) {
      const chosen = within(next)
      localStorage.setItem(KEY, String(chosen))
      setPercent(chosen)
    },
  }
}

const within = (percent: number) =>
  Number.isFinite(percent) ? Math.min(MOST, Math.max(LEAST, percent)) : USUAL

const STEPS: Record<string, number> = { ArrowLeft: -2, ArrowRight: 2, PageUp: -10, PageDown: 10 }

/** Between the panes: dragged with a pointer, moved with the arrow keys. */
export function Splitter({ frame, percent, move }: Split) {
  const drag = (event: PointerEvent<HTMLElement>) => {
    const bounds = frame.current?.getBoundingClientRect()
    if (bounds && event.currentTarget.hasPointerCapture(event.pointerId))
      move(((event.clientX - bounds.left) / bounds.width) * 100)
  }
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(percent + step)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that can be moved is no thematic break
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the chat"
      aria-valuenow={Math.round(percent)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
      className="relative w-px shrink-0 cursor-col-resize touch-none bg-line before:absolute before:inset-y-0 before:-left-1 before:z-10 before:w-2 hover:bg-line-strong max-xl:hidden"
    />
  )
}
