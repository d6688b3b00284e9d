import { expect, test } from 'vitest'
import { escalationOfChat, ownsSteps } from './of-chat.ts'
import { anEscalation } from './testing.ts'

const back = anEscalation({
  id: 'back',
  state: 'returned',
  for_user: 'junior',
  closed_at: '2026-11-21T11:00:00Z',
})
const done = anEscalation({ id: 'done', state: 'resolved', closed_at: '2026-11-21T10:00:00Z' })

test('the living one of the chat comes first, and that of another chat never', () => {
  const living = anEscalation({ id: 'living', state: 'claimed' })
  const elsewhere = anEscalation({ id: 'elsewhere', chat_id: 'c2' })
  expect(escalationOfChat([back, elsewhere, living], {}, 'c1', 'junior')).toBe(living)
  expect(escalationOfChat([elsewhere], {}, 'c1', 'junior')).toBeUndefined()
})

test('what was given back stays until whom it came back to puts it aside', () => {
  expect(escalationOfChat([done, back], {}, 'c1', 'junior')).toBe(back)
  expect(escalationOfChat([done, back], {}, 'c1', 'sam')).toBeUndefined()
  const aside = { back: { read_at: null, dismissed_at: '2026-11-21T11:01:00Z' } }
  expect(escalationOfChat([done, back], aside, 'c1', 'junior')).toBeUndefined()
})

test('a later resolution makes an earlier return history', () => {
  const later = { ...done, closed_at: '2026-11-21T12:00:00Z' }
  expect(escalationOfChat([back, later], {}, 'c1', 'junior')).toBeUndefined()
})

test('the steps belong to the holder, and after a return to the person who was stuck', () => {
  const held = anEscalation({ state: 'claimed', claimed_by: 'sam', for_user: 'junior' })
  expect([ownsSteps(held, 'sam'), ownsSteps(held, 'junior')]).toEqual([true, false])
  expect([ownsSteps(back, 'sam'), ownsSteps(back, 'junior')]).toEqual([false, true])
  expect(ownsSteps(anEscalation(), 'junior')).toBe(false)
})
