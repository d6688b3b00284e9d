import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEntryWriter } from './entry-writer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what is said within a moment is written at once, each piece where the last one ended', () => {
  const parts: [number, string][] = []
  const writer = createEntryWriter(
    (offset, text) => parts.push([offset, text]),
    () => 40,
  )
  writer.add('Hel')
  writer.add('lo')
  vi.advanceTimersByTime(40)
  writer.add(' there')
  writer.flush()
  writer.flush()
  expect(parts).toEqual([
    [0, 'Hello'],
    [5, ' there'],
  ])
})

test('however a text is cut into pieces, it is written whole, and no character is torn apart', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(50)), (text, cuts) => {
      let written = ''
      const writer = createEntryWriter(
        (offset, part) => {
          expect(offset).toBe(written.length)
          expect(part).toBe(Buffer.from(part, 'utf8').toString('utf8'))
          written += part
        },
        () => 1,
      )
      let rest = text
      for (const cut of cuts) {
        writer.add(rest.slice(0, cut))
        rest = rest.slice(cut)
        if (cut % 2) vi.advanceTimersByTime(1)
      }
      writer.add(rest)
      if (cuts.length % 2) writer.flush()
      const { offset, text: last } = writer.end()
      expect(offset).toBe(written.length)
      written += last
      vi.advanceTimersByTime(1)
      expect(written).toBe(text.replaceAll('\0', '\ufffd'))
      expect(writer.text).toBe(written)
    }),
  )
})

test('half of a character that never becomes whole is replaced', () => {
  const parts: string[] = []
  const writer = createEntryWriter(
    (_, text) => parts.push(text),
    () => 1,
  )
  writer.add('a\ud83c')
  vi.advanceTimersByTime(1)
  writer.add('b\udf88')
  writer.flush()
  expect(parts.join('')).toBe('a\ufffdb\ufffd')
})
