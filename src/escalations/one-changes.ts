import type { BatonEvent, EscalationSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { withLooker } from './lookers.ts'

/** One escalation with all that is known of it. `mine` is read elsewhere: `own-marks.ts`. */
export type EscalationState = Omit<EscalationSnapshot, 'user_seq' | 'mine'>

export const escalationState = ({ user_seq: _, mine: __, ...shared }: EscalationSnapshot): EscalationState =>
  shared

/** A fold over the events of its team. The same object when the event is about another one. */
export function applyEscalationEvent(state: EscalationState, event: BatonEvent): EscalationState {
  const { escalation } = state
  switch (event.kind) {
    case 'escalation.changed':
      return event.payload.id === escalation.id ? { ...state, escalation: event.payload } : state
    case 'escalation.event': {
      const isOther = event.payload.escalation_id !== escalation.id
      const isKnown = state.history.some(({ id }) => id === event.payload.id)
      return isOther || isKnown ? state : { ...state, history: [...state.history, event.payload] }
    }
    case 'escalation.touched': {
      const { id, ...times } = event.payload
      return id === escalation.id ? { ...state, escalation: { ...escalation, ...times } } : state
    }
    case 'escalation.looked': {
      const { id, ...looker } = event.payload
      return id === escalation.id ? { ...state, lookers: withLooker(state.lookers, looker) } : state
    }
    case 'assessment.changed':
      return event.payload.escalation_id === escalation.id ? { ...state, assessment: event.payload } : state
    default:
      return state
  }
}
