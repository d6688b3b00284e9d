import { expect, test } from 'vitest'
import { firstDifference } from './generated.ts'

test('a difference is shown by its first line and what follows', () => {
  expect(firstDifference('a\nb\nc\nd\ne\nf', 'a\nb\nX\nd\ne\nf')).toBe('line 3\n- c\n- d\n- e\n+ X\n+ d\n+ e')
})

test('a text that goes on where the other ends is shown too', () => {
  expect(firstDifference('a', 'a\nb')).toBe('line 2\n+ b')
})
