import { useEffect, useRef, useState } from 'react'

export const MINUTES = { Focus: 25, 'Short break': 5, 'Long break': 15 }
export type Phase = keyof typeof MINUTES
export const PHASES = Object.keys(MINUTES) as Phase[]

/** Counts down by the clock, so that it stays right while the tab sleeps. */
export function useTimer(onEnd: (phase: Phase) => void) {
  const [phase, setPhase] = useState<Phase>('Focus')
  const [left, setLeft] = useState(MINUTES.Focus * 60)
  const [endsAt, setEndsAt] = useState<number | null>(null)
  const ended = useRef(onEnd)

  useEffect(() => {
    ended.current = onEnd
  })

  useEffect(() => {
    if (endsAt === null) return
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000))
      setLeft(seconds)
      if (seconds > 0) return
      setEndsAt(null)
      ended.current(phase)
    }, 250)
    return () => clearInterval(timer)
  }, [endsAt, phase])

  function choose(next: Phase) {
    setPhase(next)
    setLeft(MINUTES[next] * 60)
    setEndsAt(null)
  }

  return {
    phase,
    left,
    isRunning: endsAt !== null,
    choose,
    toggle: () => setEndsAt(endsAt === null ? Date.now() + left * 1000 : null),
    reset: () => choose(phase),
  }
}
