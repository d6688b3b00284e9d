import { expect, test } from 'vitest'
import { applyOwnEvent, isUnread, type OwnMarks } from './own-marks.ts'
import { anEscalation, anEvent } from './testing.ts'

const read = (at: string) => ({ read_at: at, dismissed_at: null })

test('an open one is unread until it was read after its last news', () => {
  const open = anEscalation({ news_at: '2026-11-21T10:00:00Z' })
  expect(isUnread(open, undefined, 'sam')).toBe(true)
  expect(isUnread(open, read('2026-11-21T09:59:59Z'), 'sam')).toBe(true)
  expect(isUnread(open, read('2026-11-21T10:00:00Z'), 'sam')).toBe(false)
})

test('one that came back is news for whom it came back to, and for nobody else', () => {
  const back = anEscalation({ state: 'returned', for_user: 'junior' })
  expect(isUnread(back, undefined, 'junior')).toBe(true)
  expect(isUnread(back, undefined, 'sam')).toBe(false)
})

test('one that somebody holds calls nobody', () => {
  expect(isUnread(anEscalation({ state: 'claimed' }), undefined, 'sam')).toBe(false)
})

test('reading and dismissing are kept side by side', () => {
  const start: OwnMarks = { seq: 1, marks: {} }
  const read_at = '2026-11-21T10:05:00Z'
  const after = [
    anEvent('escalation.read', { id: 'e1', read_at }),
    anEvent('escalation.dismissed', { id: 'e1', dismissed_at: read_at }),
  ].reduce(applyOwnEvent, start)
  expect(after.marks.e1).toEqual({ read_at, dismissed_at: read_at })
})
