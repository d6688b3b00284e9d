import { useEffect, useState } from 'react'
import { relativeTime } from './relative-time.ts'

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

export function TimeAgo({ at }: { at: string }) {
  const now = useNow(30_000)
  return (
    <time dateTime={at} title={EXACT.format(new Date(at))}>
      {relativeTime(Date.parse(at), now)}
    </time>
  )
}

function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
