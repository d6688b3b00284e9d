import { expect, test } from 'vitest'
import { Presence } from './presence.ts'

const state = (presence: Presence<string>) => JSON.parse(presence.snapshot())

test('joins and leaves gather into one diff', () => {
  const presence = new Presence<string>()
  presence.track('a', 'ann', { x: 1 })
  presence.track('b', 'ann', { x: 2 })
  const diff = presence.flush()
  expect(diff?.joins.ann?.metas.map(({ x }) => x)).toEqual([1, 2])
  expect(diff?.leaves).toEqual({})
  expect(presence.flush()).toBeNull()
})

test('a snapshot is the state that the diffs so far add up to', () => {
  const presence = new Presence<string>()
  presence.track('a', 'ann', {})
  presence.flush()
  presence.track('b', 'bob', {})
  expect(Object.keys(state(presence))).toEqual(['ann'])
  presence.flush()
  expect(Object.keys(state(presence))).toEqual(['ann', 'bob'])
})

test('an update leaves with the old ref and joins with the new one, which names it', () => {
  const presence = new Presence<string>()
  presence.track('a', 'ann', { x: 1 })
  const first = presence.flush()!.joins.ann!.metas[0]!
  presence.track('a', 'ann', { x: 2 })
  const diff = presence.flush()!
  expect(diff.leaves.ann?.metas).toEqual([first])
  expect(diff.joins.ann?.metas[0]).toMatchObject({ x: 2, phx_ref_prev: first.phx_ref })
})

test('the same payload again is nothing', () => {
  const presence = new Presence<string>()
  presence.track('a', 'ann', { x: { y: [1] } })
  expect(presence.track('a', 'ann', { x: { y: [1] } })).toBe(false)
})

test('who comes and goes between two diffs is in neither', () => {
  const presence = new Presence<string>()
  presence.track('a', 'ann', {})
  expect(presence.untrack('a')).toBe(true)
  expect(presence.untrack('a')).toBe(false)
  expect(presence.flush()).toBeNull()
})

test('a key may be called __proto__', () => {
  const presence = new Presence<string>()
  presence.track('a', '__proto__', { x: 1 })
  presence.flush()
  expect(presence.snapshot()).toContain('"__proto__"')
  expect(({} as Record<string, unknown>).metas).toBeUndefined()
})
