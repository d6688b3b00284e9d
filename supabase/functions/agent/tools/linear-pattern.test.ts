import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from './linear-pattern.ts'

const PATTERNS = [
  'abc',
  'a.c',
  '^ab',
  'bc$',
  '^$',
  'a|bc|',
  '(ab)+',
  '(?:a|b)*c',
  'a{2,3}b',
  'a{0}b',
  '[a-c]+d',
  '[^a]b',
  '\\bab\\b',
  'a\\Bb',
  '\\d+\\.\\d',
  '\\w\\s\\W',
  '[\\d.]+',
  'a+?b',
  '(a*)*b',
  '(a|b|ab)*c',
  '[]a]',
  '[a-]',
  'x?x?x?xxx',
  '\\.',
  '\\[',
  'a{,2}',
  '{',
  '^a|b$',
]

test.for(PATTERNS)('%s matches what it matches everywhere', (pattern) => {
  const ours = compile(pattern)
  // In a set that begins with "]", that character belongs to it; in JavaScript it would end the set.
  const theirs = new RegExp(pattern === '[]a]' ? '[\\]a]' : pattern)
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', 'b', 'c', 'd', 'x', '1', '.', ' ', ']', '-', '{', '[', ',', '2', '}'),
      }),
      (line) => {
        expect(ours(line), line).toBe(theirs.test(line))
      },
    ),
    { numRuns: 300 },
  )
})

test('a pattern that would keep others busy for hours answers at once', () => {
  const began = performance.now()
  expect(compile('(a+)+$')(`${'a'.repeat(5_000)}b`)).toBe(false)
  expect(compile('.*.*.*.*.*x')('a'.repeat(5_000))).toBe(false)
  expect(performance.now() - began).toBeLessThan(1_500)
})

test('upper and lower case are the same where that is wanted', () => {
  expect(compile('hello [a-z]+', { ignoreCase: true })('HeLLo WORLD')).toBe(true)
  expect(compile('hello')('Hello')).toBe(false)
})

test.for([
  ['(a', 'a "(" is not closed'],
  ['a)', 'a ")" has no "("'],
  ['[a', 'a "[" is not closed'],
  ['*a', '"*" follows nothing that it could repeat'],
  ['a**', 'a repetition follows a repetition'],
  ['(?=a)', 'look-around and named groups do not exist here'],
  ['(a)\\1', 'back-references do not exist here'],
  ['a{3,2}', '{3,2} is the wrong way round'],
  ['[b-a]', 'the range b-a is the wrong way round'],
  ['a\\', 'it ends in a backslash'],
  ['((a{500}){500})', 'it is too long once its repetitions are written out'],
])('%s is refused: %s', ([pattern, reason]) => {
  expect(() => compile(pattern!)).toThrow(reason)
})
