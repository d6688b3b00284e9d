import { expect, test } from 'vitest'
import { concerns, idOf, MalformedWatch, parseWatch } from './watch.ts'

test('the id depends on the parameters alone and is never zero', () => {
  const one = { event: '*', schema: 'public', table: 'notes' }
  expect(idOf(one)).toBe(idOf({ table: 'notes', schema: 'public', event: '*' }))
  expect(idOf(one)).not.toBe(idOf({ ...one, filter: 'id=eq.1' }))
  for (let count = 0; count < 1_000; count++) expect(idOf({ count })).toBeGreaterThan(0)
})

test('schema and table have defaults, the event is lenient', () => {
  expect(parseWatch({ table: 'notes', event: 'insert' })).toMatchObject({ schema: 'public', event: 'INSERT' })
  expect(parseWatch({ schema: 'public', event: 'foo' })).toMatchObject({ table: '*', event: '*' })
})

test.each([
  [{}, 'No subscription params provided'],
  [{ schema: 'public', table: 1 }, 'No subscription params provided'],
  [{ table: 'notes', filter: 'a=foo.1' }, 'Error parsing `filter` params: ["foo","1"]'],
  [{ table: 'notes', select: 'a' }, 'Error parsing `select` params'],
  [{ table: '*', select: ['a'] }, 'Column selection is not supported for wildcard'],
])('%j is refused', (parameters, message) => {
  expect(() => parseWatch(parameters)).toThrow(MalformedWatch)
  expect(() => parseWatch(parameters)).toThrow(message)
})

test('an asterisk stands for every schema, table or event', () => {
  const change = { action: 'INSERT', schema: 'public', table: 'notes' } as const
  expect(concerns(parseWatch({ schema: '*' }), change)).toBe(true)
  expect(concerns(parseWatch({ schema: 'public', event: 'DELETE' }), change)).toBe(false)
  expect(concerns(parseWatch({ schema: 'public', table: 'other' }), change)).toBe(false)
})
