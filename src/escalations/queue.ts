import { type Escalation, PRIORITIES } from '../../supabase/functions/_shared/protocol.ts'
import type { DeskFilter } from './desk-filters.ts'

export const isLiving = ({ state }: Escalation) => state === 'open' || state === 'claimed'

/** The cards of one filter, in the order in which they should be taken; closed ones newest first. */
export function queueOf(
  escalations: readonly Escalation[],
  filter: DeskFilter,
  selfId: string,
): Escalation[] {
  const chosen = escalations.filter((one) => isIn(one, filter, selfId))
  return chosen.sort(filter === 'closed' ? byClosing : byUrgency)
}

function isIn(escalation: Escalation, filter: DeskFilter, selfId: string): boolean {
  switch (filter) {
    case 'open':
      return escalation.state === 'open'
    case 'mine':
      return isMine(escalation, selfId)
    case 'team':
      return isLiving(escalation)
    case 'closed':
      return !isLiving(escalation)
  }
}

/** Held by me, or about my work. */
function isMine(escalation: Escalation, selfId: string): boolean {
  const wasGivenBack = escalation.state === 'returned' && escalation.for_user === selfId
  if (wasGivenBack) return true
  return isLiving(escalation) && (escalation.claimed_by === selfId || escalation.for_user === selfId)
}

/** Who waits for nobody comes last; then by priority, then by how long it has waited. */
function byUrgency(one: Escalation, other: Escalation): number {
  return (
    Number(one.state !== 'open') - Number(other.state !== 'open') ||
    PRIORITIES.indexOf(other.priority) - PRIORITIES.indexOf(one.priority) ||
    compare(one.opened_at, other.opened_at) ||
    compare(one.id, other.id)
  )
}

const byClosing = (one: Escalation, other: Escalation) =>
  compare(other.closed_at ?? '', one.closed_at ?? '') || compare(one.id, other.id)

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
