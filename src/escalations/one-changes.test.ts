import { expect, test } from 'vitest'
import type { Assessment, EscalationEvent } from '../../supabase/functions/_shared/protocol.ts'
import { applyEscalationEvent, type EscalationState } from './one-changes.ts'
import { anEscalation, anEvent } from './testing.ts'

const assessment: Assessment = {
  escalation_id: 'e1',
  state: 'pending',
  likely_cause: null,
  confidence: null,
  evidence: [],
  steps: [],
  similar: [],
  model: null,
  cost_usd: null,
  error: null,
  attempts: 0,
  started_at: null,
  ended_at: null,
}
const state: EscalationState = {
  seq: 1,
  escalation: anEscalation(),
  snapshot: {
    problem: 'The total is wrong',
    tried: [],
    steps: 0,
    errors: [],
    files: [],
    before_version: 1,
    after_version: 1,
    checkpoint_id: null,
    preview: null,
    cost_usd: 0,
    cost_is_partial: false,
    input_tokens: 0,
    output_tokens: 0,
    turns: 0,
    duration_ms: 0,
    confidence: 'low',
    run_state: null,
    run_error: null,
    facts: {},
  },
  preview_host: null,
  assessment,
  history: [],
  lookers: [],
}
const line: EscalationEvent = {
  id: 7,
  escalation_id: 'e1',
  kind: 'refused',
  user_id: 'sam',
  user_name: 'Sam',
  data: { claimed_by_name: 'Owner' },
  at: '2026-11-21T10:05:00Z',
}

test('the assessment fills in where it stands', () => {
  const news: Assessment = { ...assessment, state: 'running', likely_cause: 'A rounding error' }
  expect(applyEscalationEvent(state, anEvent('assessment.changed', news)).assessment).toEqual(news)
})

test('a line of the history is there once, however often it is told', () => {
  const once = applyEscalationEvent(state, anEvent('escalation.event', line))
  expect(applyEscalationEvent(once, anEvent('escalation.event', line)).history).toEqual([line])
})

test('what is about another escalation changes nothing', () => {
  const others = [
    anEvent('escalation.changed', anEscalation({ id: 'e2', state: 'claimed' })),
    anEvent('escalation.event', { ...line, escalation_id: 'e2' }),
    anEvent('escalation.touched', { id: 'e2', touched_at: '', lapses_at: '' }),
    anEvent('escalation.looked', { id: 'e2', user_id: 'sam', display_name: 'Sam', until: null }),
    anEvent('assessment.changed', { ...assessment, escalation_id: 'e2', state: 'done' }),
  ]
  for (const event of others) expect(applyEscalationEvent(state, event)).toBe(state)
})
