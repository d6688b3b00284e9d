import { expect, test } from 'vitest'
import { MOST_HITS, searchFiles } from './search.ts'

const FILES = new Map([
  ['a.ts', 'const Total = 1\n  return total + total\n'],
  ['b.ts', 'nothing\n'],
])

test('lines are found in any case, with what stands around the words', () => {
  expect(searchFiles(FILES, 'total')).toEqual([
    { path: 'a.ts', line: 1, before: 'const ', match: 'Total', after: ' = 1' },
    { path: 'a.ts', line: 2, before: 'return ', match: 'total', after: ' + total' },
  ])
})

test('nothing is looked for while nothing is typed', () => {
  expect(searchFiles(FILES, '  ')).toEqual([])
})

test('a word that is everywhere does not make an endless list', () => {
  expect(searchFiles([['x', 'e\n'.repeat(MOST_HITS * 2)]], 'e')).toHaveLength(MOST_HITS)
})
