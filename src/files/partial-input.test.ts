import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPartialInput } from './partial-input.ts'

const INPUT = {
  path: 'src/App.tsx',
  count: 3,
  edits: [{ search: 'a "quoted" ] part', replace: '}' }, null],
  content: 'line one\n\t"two" \\ back / 😀 ü\u0007',
}

test('an input that is complete is read whole', () => {
  expect(readPartialInput(JSON.stringify(INPUT))).toEqual({ path: INPUT.path, content: INPUT.content })
  expect(readPartialInput(JSON.stringify(INPUT, null, 2))).toEqual({
    path: INPUT.path,
    content: INPUT.content,
  })
})

test('cut anywhere, what is read is a beginning of what will be there', () => {
  for (const json of [JSON.stringify(INPUT), escapedAll(JSON.stringify(INPUT))]) {
    for (let cut = 0; cut <= json.length; cut += 1) {
      const { path = '', content = '' } = readPartialInput(json.slice(0, cut))
      expect(INPUT.path.startsWith(path)).toBe(true)
      expect(INPUT.content.startsWith(content), `cut at ${cut}: ${content}`).toBe(true)
    }
  }
})

test('any two strings are read back at any cut, and never with half a character', () => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(text, text, fc.double({ min: 0, max: 1, noNaN: true }), (path, content, share) => {
      const json = JSON.stringify({ path, content })
      expect(readPartialInput(json)).toEqual({ path, content })
      const read = readPartialInput(json.slice(0, Math.floor(json.length * share)))
      expect(content.startsWith(read.content ?? '')).toBe(true)
      expect(() => encodeURIComponent(read.content ?? '')).not.toThrow()
    }),
  )
})

test('nothing is made of what is no object', () => {
  for (const json of ['', '  ', '[', '"path"', 'nul']) expect(readPartialInput(json)).toEqual({})
})

/** As a model may write it: every letter beyond ASCII as \uXXXX. */
const escapedAll = (json: string) =>
  json.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
