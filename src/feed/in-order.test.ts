import { expect, test } from 'vitest'
import type { BatonEvent } from '../../supabase/functions/_shared/protocol.ts'
import { EARLY_LIMIT, inOrder } from './in-order.ts'

const event = (seq: number): BatonEvent => ({
  topic: 'team:1',
  seq,
  kind: 'team.renamed',
  payload: { name: `#${seq}` },
  at: '2026-01-01T00:00:00Z',
})
const seqs = (events: Iterable<BatonEvent>) => [...events].map(({ seq }) => seq)
const none = new Map<number, BatonEvent>()

test('the next event is ready, a later one waits', () => {
  const { ready, seq, early } = inOrder(4, none, [event(5), event(7)])
  expect({ ready: seqs(ready), seq, early: seqs(early.values()) }).toEqual({ ready: [5], seq: 5, early: [7] })
})

test('an event that fills a gap frees those that waited for it', () => {
  const { early } = inOrder(4, none, [event(7), event(6)])
  const { ready, seq, early: left } = inOrder(4, early, [event(5)])
  expect({ ready: seqs(ready), seq, left: left.size }).toEqual({ ready: [5, 6, 7], seq: 7, left: 0 })
})

test('what came before is a repeat and is not kept', () => {
  const { ready, seq, early } = inOrder(4, none, [event(3), event(4), event(5), event(5)])
  expect({ ready: seqs(ready), seq, early: early.size }).toEqual({ ready: [5], seq: 5, early: 0 })
})

test('what waited and was passed by is forgotten', () => {
  const { early } = inOrder(1, none, [event(3), event(4)])
  expect(seqs(inOrder(3, early, []).ready)).toEqual([4])
  expect(inOrder(3, early, []).early.size).toBe(0)
})

test('only so many early events are kept', () => {
  const flood = Array.from({ length: EARLY_LIMIT + 50 }, (_, n) => event(n + 10))
  expect(inOrder(0, none, flood).early.size).toBe(EARLY_LIMIT)
})
