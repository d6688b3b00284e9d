import { expect, test } from 'vitest'
import { steadyOrder } from './steady-order.ts'

test('nothing moves under the pointer, and what arrives is counted', () => {
  expect(steadyOrder(['a', 'b'], ['new', 'b', 'a'], true)).toEqual({ order: ['a', 'b'], arrived: 1 })
})

test('one that is gone keeps its place while the list is held', () => {
  expect(steadyOrder(['a', 'b'], ['b'], true)).toEqual({ order: ['a', 'b'], arrived: 0 })
})

test('a list that is let go shows what there is', () => {
  expect(steadyOrder(['a', 'b'], ['new', 'b'], false)).toEqual({ order: ['new', 'b'], arrived: 0 })
})

test('an empty list has nothing to hold', () => {
  expect(steadyOrder([], ['new'], true)).toEqual({ order: ['new'], arrived: 0 })
})
