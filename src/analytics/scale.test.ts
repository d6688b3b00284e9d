import { expect, test } from 'vitest'
import { roundTop, someOf } from './scale.ts'

test.for([
  [0, 4],
  [4, 4],
  [5, 5],
  [11, 20],
  [37, 40],
  [99, 100],
  [5_001, 10_000],
] as const)('an axis for %i ends at %i', ([value, top]) => {
  expect(roundTop(value)).toBe(top)
})

test('labels are few, and the last point has one', () => {
  expect(someOf(30, 6)).toEqual([4, 9, 14, 19, 24, 29])
  expect(someOf(3, 6)).toEqual([0, 1, 2])
  expect(someOf(0, 6)).toEqual([])
})
