import { expect, test } from 'vitest'
import { inOrderOfImports } from './circles.ts'

const order = (graph: Record<string, string[]>) =>
  inOrderOfImports(Object.keys(graph), (id) => graph[id] ?? []).map((group) => group.sort())

test('each comes after what it imports', () => {
  expect(order({ main: ['a', 'b'], a: ['c'], b: ['c'], c: [] })).toEqual([['c'], ['a'], ['b'], ['main']])
})

test('those that import each other come together', () => {
  expect(order({ main: ['a'], a: ['b'], b: ['c', 'a'], c: ['a', 'd'], d: [] })).toEqual([
    ['d'],
    ['a', 'b', 'c'],
    ['main'],
  ])
})

test('who imports itself is a circle of one', () => {
  expect(order({ main: ['main'] })).toEqual([['main']])
})

test('a chain of 100,000 is no deeper than one', () => {
  const graph = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, index) => [`${index}`, [`${index + 1}`]]),
  )
  expect(order({ ...graph, 100000: [] })).toHaveLength(100_001)
})
