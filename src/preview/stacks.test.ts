import { expect, test } from 'vitest'
import { tellingFrames, withoutAddresses } from './stacks.ts'

const HOST = 'http://app-1234.preview.localhost:54323'

test('what is printed keeps its words and its own files, without addresses and packages', () => {
  const text = `could not load: Error: gone
    at load (${HOST}/@m/0123456789abcdef/src/lists/load.ts:8:11)
    at Row (${HOST}/@m/0123456789abcdef/src/row.tsx#2:8:11)
    at ${HOST}/@v/15eea554.js:185:9635
    at dispatchEvent (${HOST}/@v/15eea554.js:195:2498)

The above error occurred in the <App> component.`
  expect(withoutAddresses(text)).toBe(`could not load: Error: gone
    at load (src/lists/load.ts)
    at Row (src/row.tsx)

The above error occurred in the <App> component.`)
})

test.each(['see http://example.com/@v/x', 'at noon\nat http://example.com', ''])(
  '%j stays as it is',
  (text) => {
    expect(withoutAddresses(text)).toBe(text)
  },
)

test('of a stack the own frames are told, and all of them where none is own', () => {
  const own = { file: '/src/App.tsx' }
  const foreign = { file: '/@v/15eea554.js' }
  expect(tellingFrames([own, foreign, own])).toEqual([own, own])
  expect(tellingFrames([foreign])).toEqual([foreign])
})
