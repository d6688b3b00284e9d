import { expect, test } from 'vitest'
import { applyDeskEvent } from './desk-changes.ts'
import { aDesk, anEscalation, anEvent } from './testing.ts'

test('one that was raised is on the desk, and a change of it replaces it', () => {
  const raised = applyDeskEvent(aDesk([]), anEvent('escalation.changed', anEscalation()))
  const claimed = anEscalation({ state: 'claimed', claimed_by: 'sam' })
  const after = applyDeskEvent(raised, anEvent('escalation.changed', claimed))
  expect(after.escalations).toEqual([claimed])
})

test('a touch moves the time at which the claim lapses', () => {
  const times = { touched_at: '2026-11-21T10:06:00Z', lapses_at: '2026-11-21T10:21:00Z' }
  const after = applyDeskEvent(
    aDesk([anEscalation({ state: 'claimed' })]),
    anEvent('escalation.touched', { id: 'e1', ...times }),
  )
  expect(after.escalations[0]).toMatchObject(times)
})

test('the card tells how the assessment comes along', () => {
  const assessment = {
    escalation_id: 'e1',
    state: 'running' as const,
    likely_cause: 'A rounding error',
    confidence: 'medium' as const,
    evidence: [],
    steps: [],
    similar: [],
    model: null,
    cost_usd: null,
    error: null,
    attempts: 1,
    started_at: null,
    ended_at: null,
  }
  const after = applyDeskEvent(aDesk([anEscalation()]), anEvent('assessment.changed', assessment))
  expect(after.escalations[0]!.assessment).toEqual({ state: 'running', confidence: 'medium' })
})

test('who looks is listed once, until they leave', () => {
  const looks = (until: string | null) =>
    anEvent('escalation.looked', { id: 'e1', user_id: 'sam', display_name: 'Sam', until })
  const once = applyDeskEvent(aDesk([anEscalation()]), looks('2026-11-21T10:07:00Z'))
  const twice = applyDeskEvent(once, looks('2026-11-21T10:08:00Z'))
  expect(twice.lookers.e1).toEqual([{ user_id: 'sam', display_name: 'Sam', until: '2026-11-21T10:08:00Z' }])
  expect(applyDeskEvent(twice, looks(null)).lookers.e1).toEqual([])
})

test('what is about something else leaves the desk as it is', () => {
  const desk = aDesk([anEscalation()])
  expect(applyDeskEvent(desk, anEvent('team.renamed', { name: 'New' }))).toBe(desk)
  const unknown = { id: 'e9', touched_at: '', lapses_at: '' }
  expect(applyDeskEvent(desk, anEvent('escalation.touched', unknown))).toBe(desk)
})
