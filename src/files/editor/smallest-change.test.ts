import fc from 'fast-check'
import { expect, test } from 'vitest'
import { smallestChange } from './smallest-change.ts'

test('a text that grows at its end only has the new part inserted', () => {
  expect(smallestChange('one', 'one two')).toEqual({ from: 3, to: 3, insert: ' two' })
})

test('nothing to change is no change', () => {
  expect(smallestChange('same', 'same')).toBeNull()
})

test('applied, the change gives the other text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 20 })
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = smallestChange(before, after)
      const applied = change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before
      expect(applied).toBe(after)
    }),
  )
})
