import { ChevronDown, ChevronsUp, ChevronUp, Equal } from 'lucide-react'
import type { Escalation, Looker, Priority } from '../../supabase/functions/_shared/protocol.ts'
import { useNow } from '../chat/use-now.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Badge } from '../ui/badge.tsx'
import { classes } from '../ui/classes.ts'
import { stillLooking } from './lookers.ts'
import { PRIORITY_NAMES, STATE_NAMES } from './words.ts'

const GLYPHS: Record<Priority, typeof Equal> = {
  low: ChevronDown,
  normal: Equal,
  high: ChevronUp,
  urgent: ChevronsUp,
}

export function PriorityMark({ priority, named = false }: { priority: Priority; named?: boolean }) {
  const Glyph = GLYPHS[priority]
  const isPressing = priority === 'urgent' || priority === 'high'
  return (
    <span
      title={`${PRIORITY_NAMES[priority]} priority`}
      className={classes(
        'inline-flex shrink-0 items-center gap-1',
        isPressing ? 'text-need-text' : 'text-muted',
      )}
    >
      <Glyph className="size-4" aria-hidden />
      <span className={named ? undefined : 'sr-only'}>{PRIORITY_NAMES[priority]} priority</span>
    </span>
  )
}

export function StateBadge({ escalation }: { escalation: Escalation }) {
  const { state, claimed_by_name } = escalation
  if (state === 'open') return <Badge tone="need">Open</Badge>
  if (state === 'claimed') return <Badge tone="live">{claimed_by_name ?? 'Somebody'} has it</Badge>
  return <Badge>{STATE_NAMES[state]}</Badge>
}

/** Who has it open right now, without the reader. */
export function Lookers({ lookers, selfId }: { lookers: readonly Looker[]; selfId: string }) {
  const now = useNow(5_000)
  const others = stillLooking(lookers, now).filter(({ user_id }) => user_id !== selfId)
  if (others.length === 0) return null
  const names = others.map(({ display_name }) => display_name)
  const sentence = `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} looking at it`
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-live-text" title={sentence}>
      <span className="flex -space-x-1.5">
        {others.slice(0, 3).map(({ user_id, display_name }) => (
          <Avatar key={user_id} name={display_name} className="size-5 border-live" />
        ))}
      </span>
      <span className="sr-only">{sentence}</span>
      <span aria-hidden>looking</span>
    </span>
  )
}
