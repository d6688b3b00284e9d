import { expect, test } from 'vitest'
import { queueOf } from './queue.ts'
import { anEscalation } from './testing.ts'

const ids = (...args: Parameters<typeof queueOf>) => queueOf(...args).map(({ id }) => id)

test('the urgent comes first, then what has waited longest', () => {
  const escalations = [
    anEscalation({ id: 'new', opened_at: '2026-11-21T10:02:00Z' }),
    anEscalation({ id: 'old', opened_at: '2026-11-21T10:01:00Z' }),
    anEscalation({ id: 'urgent', priority: 'urgent', opened_at: '2026-11-21T10:03:00Z' }),
    anEscalation({ id: 'low', priority: 'low', opened_at: '2026-11-21T09:00:00Z' }),
  ]
  expect(ids(escalations, 'open', 'sam')).toEqual(['urgent', 'old', 'new', 'low'])
})

test('in the team, what somebody holds comes after what waits', () => {
  const escalations = [
    anEscalation({ id: 'held', state: 'claimed', claimed_by: 'sam', priority: 'urgent' }),
    anEscalation({ id: 'waits', priority: 'low' }),
    anEscalation({ id: 'gone', state: 'resolved' }),
  ]
  expect(ids(escalations, 'team', 'sam')).toEqual(['waits', 'held'])
})

test('mine is what I hold, what is stuck of mine, and what came back to me', () => {
  const escalations = [
    anEscalation({ id: 'held', state: 'claimed', claimed_by: 'sam', for_user: 'junior' }),
    anEscalation({ id: 'stuck', for_user: 'sam' }),
    anEscalation({ id: 'back', state: 'returned', for_user: 'sam' }),
    anEscalation({ id: 'done', state: 'resolved', claimed_by: 'sam', for_user: 'sam' }),
    anEscalation({ id: 'theirs', state: 'claimed', claimed_by: 'other', for_user: 'junior' }),
  ]
  expect(ids(escalations, 'mine', 'sam').sort()).toEqual(['back', 'held', 'stuck'])
})

test('of the closed ones the last comes first', () => {
  const escalations = [
    anEscalation({ id: 'first', state: 'cancelled', closed_at: '2026-11-21T10:00:00Z' }),
    anEscalation({ id: 'last', state: 'resolved', closed_at: '2026-11-21T11:00:00Z' }),
    anEscalation({ id: 'open' }),
  ]
  expect(ids(escalations, 'closed', 'sam')).toEqual(['last', 'first'])
})
