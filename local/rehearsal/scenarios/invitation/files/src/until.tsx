import { useEffect, useState } from 'react'

const UNITS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
] as const

/** Counts down to a moment; once it is there, it says so. */
export function Until({ date }: { date: Date }) {
  const [now, setNow] = useState(Date.now)

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])

  const left = Math.floor((date.getTime() - now) / 1000)
  if (left <= 0) return <p className="mt-10 text-xl text-accent">It has begun.</p>

  let rest = left
  return (
    <p role="timer" className="mt-10 flex gap-6 tabular-nums">
      {UNITS.map(([unit, seconds]) => {
        const count = Math.floor(rest / seconds)
        rest %= seconds
        return (
          <span key={unit} className="flex w-16 flex-col items-center">
            <span className="text-3xl">{count}</span>
            <span className="text-xs text-muted">{unit}</span>
          </span>
        )
      })}
    </p>
  )
}
