import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countChanges, diffLines } from './line-diff.ts'
import { mergeTexts } from './merge-texts.ts'

const BASE = 'one\ntwo\nthree\nfour\nfive'

test('what each changed in a place of their own is all there', () => {
  const mine = BASE.replace('one', 'ONE')
  const theirs = BASE.replace('five', 'FIVE\nsix')
  expect(mergeTexts(BASE, mine, theirs)).toEqual({ text: 'ONE\ntwo\nthree\nfour\nFIVE\nsix', conflicts: 0 })
})

test('a passage that both changed keeps mine, and is counted', () => {
  const mine = BASE.replace('three', 'drei')
  const theirs = BASE.replace('three', 'trois').replace('five', 'cinq')
  expect(mergeTexts(BASE, mine, theirs)).toEqual({ text: 'one\ntwo\ndrei\nfour\ncinq', conflicts: 1 })
})

test('the same change by both is no conflict', () => {
  const both = BASE.replace('three', 'drei')
  expect(mergeTexts(BASE, `${both}\nsix`, `zero\n${both}`)).toEqual({
    text: `zero\n${both}\nsix`,
    conflicts: 0,
  })
})

test('lines that both added at one place are a conflict', () => {
  expect(mergeTexts('a\nb', 'a\nmine\nb', 'a\ntheirs\nb')).toEqual({ text: 'a\nmine\nb', conflicts: 1 })
})

test('both began a file that was not there', () => {
  expect(mergeTexts('', 'mine', 'theirs')).toEqual({ text: 'mine', conflicts: 1 })
})

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 14 })
  .map((lines) => lines.join('\n'))

test('who changed nothing takes all of the other', () => {
  fc.assert(
    fc.property(text, text, (base, changed) => {
      expect(mergeTexts(base, changed, base)).toEqual({ text: changed, conflicts: 0 })
      expect(mergeTexts(base, base, changed)).toEqual({ text: changed, conflicts: 0 })
    }),
  )
})

test('merging without conflict does not depend on who is who', () => {
  fc.assert(
    fc.property(text, text, text, (base, mine, theirs) => {
      const one = mergeTexts(base, mine, theirs)
      const other = mergeTexts(base, theirs, mine)
      expect(other.conflicts).toBe(one.conflicts)
      if (one.conflicts === 0) expect(other.text).toBe(one.text)
    }),
    { numRuns: 500 },
  )
})

test('the hunks of a difference turn the one text into the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [a, b] = [before.split('\n'), after.split('\n')]
      const hunks = diffLines(a, b)
      const rebuilt: string[] = []
      let at = 0
      for (const { fromA, toA, fromB, toB } of hunks) {
        rebuilt.push(...a.slice(at, fromA), ...b.slice(fromB, toB))
        at = toA
      }
      expect([...rebuilt, ...a.slice(at)]).toEqual(b)
    }),
    { numRuns: 500 },
  )
})

test('changed lines are counted as people count them', () => {
  expect(countChanges('', 'a\nb\n')).toEqual({ added: 2, removed: 0 })
  expect(countChanges('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual({ added: 2, removed: 1 })
  expect(countChanges('a\n', '')).toEqual({ added: 0, removed: 1 })
})
