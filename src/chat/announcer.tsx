import { useEffect, useRef, useState } from 'react'
import type { Entry } from '../../supabase/functions/_shared/protocol.ts'
import { useChat } from './chat.ts'

const LONGEST = 600

/** Reads out, politely and once, each part of an answer when it is whole: not every word as it comes. */
export function Announcer() {
  const last = useChat(lastWhole)
  const shown = useRef(last?.id)
  const [words, setWords] = useState('')
  useEffect(() => {
    if (!last || last.id === shown.current) return
    shown.current = last.id
    setWords(last.text.length > LONGEST ? `${last.text.slice(0, LONGEST)} … and more.` : last.text)
  }, [last])
  return (
    <p aria-live="polite" className="sr-only">
      {words}
    </p>
  )
}

const lastWhole = ({ entries }: { entries: Entry[] }) =>
  entries.findLast(({ kind, state }) => kind === 'text' && state === 'closed')
