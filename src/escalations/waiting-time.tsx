import { useNow } from '../chat/use-now.ts'
import { waiting } from './waiting.ts'

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

/** Grows while one looks. */
export function WaitingTime({ since }: { since: string }) {
  const now = useNow(1_000)
  return (
    <time
      dateTime={since}
      title={`Waiting since ${EXACT.format(new Date(since))}`}
      className="font-mono text-xs"
    >
      {waiting((now - Date.parse(since)) / 1_000)}
    </time>
  )
}
