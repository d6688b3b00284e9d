import type { BatonEvent, Desk, Escalation, Looker } from '../../supabase/functions/_shared/protocol.ts'
import { withLooker } from './lookers.ts'

/** What everyone in the team sees of the desk. What is one person's own is another fold: `own-marks.ts`. */
export type DeskState = Omit<Desk, 'mine' | 'user_seq'>

export const deskState = ({ mine: _, user_seq: __, ...shared }: Desk): DeskState => shared

/** A fold over the events of the team. The same object when nothing in it is about the desk. */
export function applyDeskEvent(desk: DeskState, event: BatonEvent): DeskState {
  switch (event.kind) {
    case 'escalation.changed':
      return { ...desk, escalations: withEscalation(desk.escalations, event.payload) }
    case 'escalation.touched':
      return withCard(
        desk,
        event.payload.id,
        ({ touched_at, lapses_at }) => ({ touched_at, lapses_at }),
        event.payload,
      )
    case 'assessment.changed': {
      const { escalation_id, state, confidence } = event.payload
      return withCard(desk, escalation_id, (assessment) => ({ assessment }), { state, confidence })
    }
    case 'escalation.looked': {
      const { id, ...looker } = event.payload
      return { ...desk, lookers: { ...desk.lookers, [id]: withLooker(desk.lookers[id] ?? NOBODY, looker) } }
    }
    case 'ladder.changed':
      return { ...desk, ladder: event.payload }
    default:
      return desk
  }
}

const NOBODY: Looker[] = []

function withEscalation(escalations: Escalation[], changed: Escalation): Escalation[] {
  const isKnown = escalations.some(({ id }) => id === changed.id)
  return isKnown
    ? escalations.map((one) => (one.id === changed.id ? changed : one))
    : [...escalations, changed]
}

function withCard<News>(
  desk: DeskState,
  id: string,
  change: (news: News) => Partial<Escalation>,
  news: News,
): DeskState {
  const isKnown = desk.escalations.some((one) => one.id === id)
  if (!isKnown) return desk
  const escalations = desk.escalations.map((one) => (one.id === id ? { ...one, ...change(news) } : one))
  return { ...desk, escalations }
}
