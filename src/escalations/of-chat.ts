import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import type { OwnMarks } from './own-marks.ts'
import { isLiving } from './queue.ts'

/** What the chat tells of: the living one, else what was last given back to the reader and not yet put aside. */
export function escalationOfChat(
  escalations: readonly Escalation[],
  marks: OwnMarks['marks'],
  chatId: string,
  selfId: string,
): Escalation | undefined {
  const ofChat = escalations.filter(({ chat_id }) => chat_id === chatId)
  const living = ofChat.find(isLiving)
  if (living) return living
  const last = ofChat
    .toSorted((one, other) => (other.closed_at ?? '').localeCompare(one.closed_at ?? ''))
    .at(0)
  const isForMe = last?.state === 'returned' && last.for_user === selfId && !marks[last.id]?.dismissed_at
  return isForMe ? last : undefined
}

/** Whose suggested steps they are: the holder's, and after a return those of whom it came back to. */
export function ownsSteps(escalation: Escalation, selfId: string): boolean {
  const { state, claimed_by, for_user } = escalation
  return state === 'claimed' ? claimed_by === selfId : state === 'returned' && for_user === selfId
}
