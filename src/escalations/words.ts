/** What the desk calls things. */
import type {
  Confidence,
  EscalationEvent,
  EscalationSource,
  EscalationState,
  Priority,
} from '../../supabase/functions/_shared/protocol.ts'

export const STATE_NAMES: Record<EscalationState, string> = {
  open: 'Open',
  claimed: 'Claimed',
  resolved: 'Resolved',
  returned: 'Returned',
  cancelled: 'Taken back',
}

export const PRIORITY_NAMES: Record<Priority, string> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  urgent: 'Urgent',
}

export const CONFIDENCE_NAMES: Record<Confidence, string> = {
  low: 'Low confidence',
  medium: 'Medium confidence',
  high: 'High confidence',
}

export const SOURCE_NAMES: Record<EscalationSource, string> = {
  person: 'asked for by a person',
  agent: 'asked for by the agent',
  loop: 'the agent went in circles',
  fault: 'the model kept failing',
  mending: 'the build could not be mended',
  question: 'a question stayed unanswered',
  blocker: 'a blocker stayed',
  budget: 'the budget was used up',
  approval: 'an approval was not given',
}

export const CAUSES = [
  'Unclear request',
  'Missing context',
  'Wrong approach',
  'Model mistake',
  'Tool or environment fault',
  'Bug in the app',
  'Outside service',
  'Budget or limits',
  'Other',
]

/** A line of the history: "Sam claimed it". */
export function sentenceOfEvent({ kind, user_name, data }: EscalationEvent): string {
  const who = user_name ?? 'Baton'
  const text = (key: string) => (typeof data[key] === 'string' ? data[key] : '')
  switch (kind) {
    case 'raised':
      return user_name ? `${who} asked for help` : 'The run asked for help'
    case 'claimed':
      return `${who} claimed it`
    case 'refused':
      return `${who} came too late: ${text('claimed_by_name') || 'somebody else'} had it`
    case 'released':
      return `${who} put it back into the queue`
    case 'reassigned':
      return `${who} gave it to ${text('to_name') || 'somebody else'}`
    case 'reminded':
      return `${who} was reminded`
    case 'lapsed':
      return `The claim of ${text('from_name') || 'its holder'} lapsed: nothing was done for too long`
    case 'levelled':
      return levelled(data)
    case 'answered':
      return `${who} answered, and the run went on`
    case 'returned':
      return `${who} gave it back`
    case 'resolved':
      return `${who} resolved it`
    case 'cancelled':
      return `${who} took it back`
    case 'assessed':
      return 'The assessment is ready'
  }
}

function levelled({ level, people }: Record<string, unknown>): string {
  const told = people === 1 ? 'one person was told' : `${people} people were told`
  return level === 0 ? `${told[0]?.toUpperCase()}${told.slice(1)}` : `Nobody claimed it, so ${told}`
}
