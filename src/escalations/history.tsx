import type { EscalationEvent } from '../../supabase/functions/_shared/protocol.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { Section } from './section.tsx'
import { sentenceOfEvent } from './words.ts'

export function History({ history }: { history: readonly EscalationEvent[] }) {
  return (
    <Section title="History" className="order-6">
      <ol aria-live="polite" className="flex flex-col gap-1.5">
        {history.map((event) => (
          <li key={event.id} className="flex items-baseline gap-3">
            <span className="min-w-0 flex-1 wrap-anywhere">
              {sentenceOfEvent(event)}
              {typeof event.data.note === 'string' && event.data.note && event.kind !== 'raised' && (
                <span className="block border-l-2 border-line pl-2 whitespace-pre-wrap text-muted">
                  {event.data.note}
                </span>
              )}
            </span>
            <span className="shrink-0 text-xs text-muted">
              <TimeAgo at={event.at} />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
