import type { BatonEvent, Escalation, OwnMark } from '../../supabase/functions/_shared/protocol.ts'

/** What of each escalation is the reader's own, by its id: it follows them to every browser. */
export type OwnMarks = { seq: number; marks: Record<string, OwnMark> }

export const NO_MARK: OwnMark = { read_at: null, dismissed_at: null }

/** A fold over the events of the person. */
export function applyOwnEvent(own: OwnMarks, event: BatonEvent): OwnMarks {
  switch (event.kind) {
    case 'escalation.read':
      return withMark(own, event.payload.id, { read_at: event.payload.read_at })
    case 'escalation.dismissed':
      return withMark(own, event.payload.id, { dismissed_at: event.payload.dismissed_at })
    default:
      return own
  }
}

function withMark(own: OwnMarks, id: string, change: Partial<OwnMark>): OwnMarks {
  const mark = { ...(own.marks[id] ?? NO_MARK), ...change }
  return { ...own, marks: { ...own.marks, [id]: mark } }
}

/** Instants are written in one way, so they compare as texts. */
export function isUnread(escalation: Escalation, mark: OwnMark | undefined, selfId: string): boolean {
  const isForMe =
    escalation.state === 'open' || (escalation.state === 'returned' && escalation.for_user === selfId)
  return isForMe && escalation.news_at > (mark?.read_at ?? '')
}
