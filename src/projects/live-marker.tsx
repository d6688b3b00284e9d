import type { Run } from '../../supabase/functions/_shared/protocol.ts'
import { classes } from '../ui/classes.ts'

/** Whether something is going on in a chat, or a person is wanted there. Said in words too. */
export function LiveMarker({ runs, chatId }: { runs: readonly Run[]; chatId: string }) {
  const run = runs.find(({ chat_id }) => chat_id === chatId)
  if (!run) return null
  const isWaiting = run.state === 'waiting'
  return (
    <span className="inline-flex shrink-0 items-center" title={isWaiting ? 'Waits for a person' : 'At work'}>
      <span aria-hidden className={classes('size-2 rounded-full', isWaiting ? 'bg-need' : 'pulse bg-live')} />
      <span className="sr-only">{isWaiting ? '(waits for a person)' : '(at work)'}</span>
    </span>
  )
}
