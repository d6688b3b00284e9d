import { expect, test } from 'vitest'
import { placeSearch } from './place-search.ts'

test('what an address says about the workbench is read', () => {
  const said = { tab: 'code', file: 'src/App.tsx', line: 12, run: 'r', entry: 'e' }
  expect(placeSearch(said)).toEqual({ tab: 'code', file: 'src/App.tsx', line: 12, run: 'r' })
})

test('a file whose name is a number is still a name', () => {
  expect(placeSearch({ file: 404 })).toEqual({ file: '404' })
})

test('what makes no sense is left out', () => {
  expect(placeSearch({ tab: 'kitchen', line: -1, run: 7, file: null })).toEqual({})
  expect(placeSearch({ line: 'x' })).toEqual({})
})
