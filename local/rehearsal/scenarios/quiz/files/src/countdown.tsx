import { useEffect, useState } from 'react'

/** A bar that runs out, and says so once. Give it a key to begin anew. */
export function Countdown({ seconds, onEnd }: { seconds: number; onEnd: () => void }) {
  const [left, setLeft] = useState(seconds)

  useEffect(() => {
    if (left === 0) return onEnd()
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left, onEnd])

  return (
    <p role="timer" className={`mb-4 text-sm tabular-nums ${left <= 5 ? 'text-danger' : 'text-muted'}`}>
      {left} seconds left
    </p>
  )
}
