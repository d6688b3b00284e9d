import { postgresChangesFilter } from '@supabase/supabase-js'
import { expect, test } from 'vitest'
import { MalformedFilter, OPERATORS, parseFilters } from './filters.ts'

const filter = (column: string, operator: string, values: string[], negated = false) => ({
  column,
  operator,
  negated,
  values,
})

test.each(OPERATORS.filter((operator) => operator !== 'in'))('%s takes one value', (operator) => {
  expect(parseFilters(`a=${operator}.x.y=z`)).toEqual([filter('a', operator, ['x.y=z'])])
  expect(parseFilters(`a=not.${operator}.x`)).toEqual([filter('a', operator, ['x'], true)])
})

test('an empty filter is none', () => {
  expect(parseFilters('  ')).toEqual([])
})

test('in takes a list, and commas inside it are its own', () => {
  expect(parseFilters('a=in.(1,2, 3),b=not.in.("x,y","q\\"(")')).toEqual([
    filter('a', 'in', ['1', '2', '3']),
    filter('b', 'in', ['x,y', 'q"('], true),
  ])
  expect(parseFilters('a=in.()')).toEqual([filter('a', 'in', [])])
})

test('a quoted value keeps its commas', () => {
  expect(parseFilters('name=eq."a,b",id=gt.0')).toEqual([
    filter('name', 'eq', ['a,b']),
    filter('id', 'gt', ['0']),
  ])
})

test('a quote in the middle of a value is only a character', () => {
  expect(parseFilters('name=eq.a"b,id=gt.0')).toEqual([
    filter('name', 'eq', ['a"b']),
    filter('id', 'gt', ['0']),
  ])
})

test("what the client's own builder writes is read back", () => {
  const text = postgresChangesFilter()
    .eq('a', 'x,"y"\\(z) ')
    .in('b', ['p,q', 'r'])
    .not('c', 'is', null)
    .isDistinct('d', 5)
    .build()
  expect(parseFilters(text)).toEqual([
    filter('a', 'eq', ['x,"y"\\(z) ']),
    filter('b', 'in', ['p,q', 'r']),
    filter('c', 'is', ['null'], true),
    filter('d', 'isdistinct', ['5']),
  ])
})

test.each([
  'undefined',
  'a=foo.1',
  'a=eq',
  'a=eq.1,,b=eq.2',
  'a=in.1,2',
  `a=in.(${Array.from({ length: 101 }, (_, index) => index).join(',')})`,
])('%s is refused', (text) => {
  expect(() => parseFilters(text)).toThrow(MalformedFilter)
})
