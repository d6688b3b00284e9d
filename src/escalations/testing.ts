import type { BatonEvent, Escalation } from '../../supabase/functions/_shared/protocol.ts'
import type { DeskState } from './desk-changes.ts'

/** For the tests of the folds. */
export const anEscalation = (values: Partial<Escalation> = {}): Escalation => ({
  id: 'e1',
  team_id: 't1',
  project_id: 'p1',
  project_name: 'Shop',
  chat_id: 'c1',
  chat_title: 'Basket',
  run_id: 'r1',
  state: 'open',
  source: 'person',
  priority: 'normal',
  reason: 'The total is wrong',
  note: null,
  raised_by: 'junior',
  raised_by_name: 'Junior',
  raised_at: '2026-11-21T10:00:00.000000Z',
  for_user: 'junior',
  for_user_name: 'Junior',
  opened_at: '2026-11-21T10:00:00.000000Z',
  news_at: '2026-11-21T10:00:00.000000Z',
  claimed_by: null,
  claimed_by_name: null,
  claimed_at: null,
  touched_at: null,
  reminded_at: null,
  lapses_at: null,
  holds_run: true,
  level: 0,
  next_level_at: null,
  claims: 0,
  refusals: 0,
  lapses: 0,
  closed_at: null,
  closed_by: null,
  closed_by_name: null,
  closing_note: null,
  cause: null,
  assessment_was_right: null,
  assessment: { state: 'pending', confidence: null },
  ...values,
})

export const aDesk = (escalations: Escalation[]): DeskState => ({
  seq: 1,
  escalations,
  lookers: {},
  ladder: {
    levels: [],
    quiet: null,
    remind_after_minutes: 5,
    lapse_after_minutes: 15,
    question_after_minutes: null,
  },
  role: 'senior',
})

export function anEvent<Kind extends BatonEvent['kind']>(
  kind: Kind,
  payload: Extract<BatonEvent, { kind: Kind }>['payload'],
): BatonEvent {
  return { topic: 'team:t1', seq: 2, at: '2026-11-21T10:05:00.000000Z', kind, payload } as BatonEvent
}
