/**
 * `?entry=<id>`: goes to that entry and points it out, wherever it stands. What is not loaded yet is, page by page, until
 * it is found; one that left the conversation is said to be gone. It is gone to once, so that nobody who reads on is
 * taken back.
 */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useContext, useEffect, useEffectEvent, useState } from 'react'
import { showToast } from '../ui/toasts.ts'
import { useChat } from './chat.ts'
import { OpeningsContext } from './openings.ts'
import { type Row, rowWith } from './rows.ts'

type Older = { isAtStart: boolean; error: Error | null; loadOlder(): void }

/** `key` is that of the row to point out. */
export function useLinkedEntry(
  rows: Row[],
  { isAtStart, error, loadOlder }: Older,
  goTo: (at: number) => void,
) {
  const { entry } = useSearch({ from: '/app/workspace/p/$projectId/c/$chatId' })
  const navigate = useNavigate({ from: '/p/$projectId/c/$chatId' })
  const openings = useContext(OpeningsContext)
  const [done, setDone] = useState<string>()
  const isSought = entry !== undefined && entry !== done
  /** A message that waits is gone to when a run takes it. */
  const isWaiting = useChat(({ messages }) => messages.some(({ id }) => id === entry))
  const at = entry === undefined ? -1 : rowWith(rows, entry)
  const arrive = useEffectEvent((id: string) => {
    setDone(id)
    const row = rows[at]
    if (row?.kind === 'lane') {
      openings.set(`lane ${row.key}`, true)
      openings.set(`call ${id}`, true)
    }
    goTo(at)
  })
  const giveUp = useEffectEvent((id: string) => {
    setDone(id)
    showToast({ tone: 'plain', title: 'What the link leads to is not in this chat any more.' })
  })

  useEffect(() => {
    if (!isSought) return
    if (at >= 0) arrive(entry)
    else if (isWaiting) return
    else if (isAtStart) giveUp(entry)
    else if (!error) loadOlder()
  })

  return {
    key: rows[at]?.key,
    leave: () => {
      if (entry) void navigate({ search: ({ entry: _, ...rest }) => rest, replace: true })
    },
  }
}
