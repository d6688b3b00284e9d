import { createHash } from 'node:crypto'
import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { planImport } from './import-plan.ts'
import { inParts } from './in-parts.ts'
import { MOST_FILES, readZip } from './read-zip.ts'

const zip = (files: Record<string, string | Uint8Array>) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => [
        path,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ),
  )

test('the one folder around everything is taken off, and what tools leave behind is not asked about', () => {
  const { files, leftOut } = readZip(
    zip({
      'app-main/src/App.tsx': 'a',
      'app-main/index.html': 'b',
      'app-main/node_modules/x/index.js': 'c',
      'app-main/.git/HEAD': 'd',
      'app-main/.DS_Store': 'e',
    }),
  )
  expect(files).toEqual([
    { path: 'index.html', content: 'b' },
    { path: 'src/App.tsx', content: 'a' },
  ])
  expect(leftOut).toEqual([])
})

test('a file of secrets is left out', () => {
  const { files, leftOut } = readZip(zip({ 'index.html': 'fine', '.env.local': 'KEY=1' }))
  expect(files).toHaveLength(1)
  expect(leftOut).toMatchObject([{ path: '.env.local', why: expect.stringContaining('secrets') }])
})

test('a path that leads out does not keep the folder from being taken off', () => {
  const { files, leftOut } = readZip(zip({ 'app/index.html': 'a', '../../evil.ts': 'b' }))
  expect(files).toEqual([{ path: 'index.html', content: 'a' }])
  expect(leftOut).toMatchObject([{ path: '../../evil.ts' }])
})

test('a zip of src alone keeps that folder', () => {
  const { files } = readZip(zip({ 'src/App.tsx': 'a' }))
  expect(files[0]?.path).toBe('src/App.tsx')
})

test.each([
  '../evil.ts',
  '/etc/passwd',
  'src/../../evil.ts',
  'C:\\evil.ts',
  'src\\evil.ts',
  'src/con.ts',
  'a:b.ts',
  'a\0b.ts',
  `${'a/'.repeat(17)}b.ts`,
])('a path like %s is left out, with the reason', (path) => {
  const { files, leftOut } = readZip(zip({ 'index.html': 'fine', [path]: 'evil' }))
  expect(files.map((file) => file.path)).toEqual(['index.html'])
  expect(leftOut).toMatchObject([{ why: expect.stringMatching(/path|name|folders/) }])
})

test('what is not text is left out', () => {
  const { files, leftOut } = readZip(
    zip({ 'index.html': 'fine', 'logo.png': new Uint8Array([0x89, 0x50, 0xff, 0]) }),
  )
  expect(files).toHaveLength(1)
  expect(leftOut).toMatchObject([{ path: 'logo.png', why: expect.stringContaining('not text') }])
})

test('of two spellings of one file the second is left out', () => {
  const { files, leftOut } = readZip(zip({ 'src/App.tsx': 'a', 'src/app.tsx': 'b' }))
  expect(files).toEqual([{ path: 'src/App.tsx', content: 'a' }])
  expect(leftOut).toMatchObject([{ path: 'src/app.tsx' }])
})

test('a file over 1 MB is left out without being unpacked', () => {
  const { files, leftOut } = readZip(zip({ 'index.html': 'fine', 'big.txt': 'x'.repeat(1_100_000) }))
  expect(files).toHaveLength(1)
  expect(leftOut).toMatchObject([{ path: 'big.txt', why: expect.stringContaining('1 MB') }])
})

test('a small zip that would become a large one is refused', () => {
  const bomb = zip(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}.txt`, 'x'])))
  sayIsLarge(bomb, 1_000_000)
  expect(() => readZip(bomb)).toThrow(expect.objectContaining({ code: 'BT025' }))
})

/** Every entry of the directory says that it is that large. */
function sayIsLarge(bytes: Uint8Array, size: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let at = view.getUint32(bytes.length - 6, true)
  while (view.getUint32(at, true) === 0x02014b50) {
    view.setUint32(at + 24, size, true)
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
}

test('an entry that would become more than it says, or is less, is left out', () => {
  const bytes = zip({ 'a.txt': 'x'.repeat(1_000_000), 'b.txt': 'x', 'index.html': 'fine' })
  for (const [index, size] of [10, 20].entries())
    new DataView(bytes.buffer).setUint32(at(bytes, index) + 24, size, true)
  expect(readZip(bytes)).toEqual({
    files: [{ path: 'index.html', content: 'fine' }],
    leftOut: [
      { path: 'a.txt', why: 'it is damaged' },
      { path: 'b.txt', why: 'it is damaged' },
    ],
  })
})

/** Where the directory tells of an entry. */
function at(bytes: Uint8Array, index: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let place = view.getUint32(bytes.length - 6, true)
  for (let skipped = 0; skipped < index; skipped += 1)
    place +=
      46 +
      view.getUint16(place + 28, true) +
      view.getUint16(place + 30, true) +
      view.getUint16(place + 32, true)
  return place
}

test('a link is left out, and so is what is no ordinary file', () => {
  const kinds = { 'a-link': 0o120777, 'b-pipe': 0o010644, 'c-device': 0o020644, 'd-file.ts': 0o100644 }
  const bytes = zipSync(
    Object.fromEntries(
      Object.entries(kinds).map(([path, mode]) => [
        path,
        [strToU8('/etc/passwd'), { os: 3, attrs: mode * 65_536 }],
      ]),
    ),
  )
  expect(readZip(bytes)).toEqual({
    files: [{ path: 'd-file.ts', content: '/etc/passwd' }],
    leftOut: [
      { path: 'a-link', why: 'it is a link, which could lead anywhere' },
      { path: 'b-pipe', why: 'it is no ordinary file' },
      { path: 'c-device', why: 'it is no ordinary file' },
    ],
  })
})

test('a name that is not written in UTF-8 is left out; accents in two characters become one', () => {
  const bytes = zip({ 'caf_.ts': 'latin', 'cafe\u0301.ts': 'accent' })
  bytes[at(bytes, 0) + 46 + 3] = 0xe9
  expect(readZip(bytes)).toEqual({
    files: [{ path: 'caf\u00e9.ts', content: 'accent' }],
    leftOut: [{ path: 'caf\ufffd.ts', why: 'its name is not written in UTF-8' }],
  })
})

test('of two entries of one name the second is left out', () => {
  const bytes = zip({ 'a.ts': 'first', 'b.ts': 'second' })
  bytes[at(bytes, 1) + 46] = 'a'.charCodeAt(0)
  const { files, leftOut } = readZip(bytes)
  expect(files).toHaveLength(1)
  expect(leftOut).toEqual([{ path: 'a.ts', why: 'it is in the zip twice' }])
})

test('names that mean something to the language are names like any other', () => {
  const bytes = zip({ 'index.html': 'fine', xxproto__: 'evil', constructor: 'a class' })
  const name = at(bytes, 1) + 46
  bytes.set(strToU8('__proto__'), name)
  expect(readZip(bytes)).toEqual({
    files: [
      { path: 'constructor', content: 'a class' },
      { path: 'index.html', content: 'fine' },
    ],
    leftOut: [{ path: '__proto__', why: expect.stringContaining('kept for the system') }],
  })
})

test('what a password protects is left out, and a zip of nothing else says why', () => {
  const bytes = zip({ 'index.html': 'secret' })
  bytes[at(bytes, 0) + 8] = (bytes[at(bytes, 0) + 8] ?? 0) | 1
  expect(() => readZip(bytes)).toThrow(
    expect.objectContaining({ code: 'BT004', hint: 'index.html: it is protected by a password.' }),
  )
})

test('a file of 50 MB is left out without being unpacked, and the rest comes in', () => {
  const bytes = zip({ 'film.mp4': new Uint8Array(1000), 'index.html': 'fine' })
  new DataView(bytes.buffer).setUint32(at(bytes, 0) + 24, 52_428_800, true)
  const { files, leftOut } = readZip(bytes)
  expect(files).toEqual([{ path: 'index.html', content: 'fine' }])
  expect(leftOut).toEqual([{ path: 'film.mp4', why: 'it is larger than 1 MB (50.0 MB)' }])
})

test('2,000 files go in pieces that a request can carry', () => {
  const small = Object.fromEntries(Array.from({ length: MOST_FILES }, (_, n) => [`src/${n}.ts`, `${n}`]))
  const { files } = readZip(zip(small))
  expect(inParts(files).map((part) => part.length)).toEqual([500, 500, 500, 500])
  expect(inParts(files).flat()).toEqual(files)
  const large = Array.from({ length: 9 }, (_, n) => ({ path: `${n}`, content: '\u20ac'.repeat(349_525) }))
  expect(inParts(large).map((part) => part.length)).toEqual([3, 3, 3])
})

test('too many files are refused', () => {
  const many = zip(
    Object.fromEntries(Array.from({ length: MOST_FILES + 1 }, (_, index) => [`${index}.txt`, 'x'])),
  )
  expect(() => readZip(many)).toThrow(expect.objectContaining({ code: 'BT025' }))
})

test('what is no zip, and a zip without anything, is refused in words', () => {
  expect(() => readZip(strToU8('hello'))).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('no zip'),
    }),
  )
  expect(() => readZip(zip({}))).toThrow(expect.objectContaining({ code: 'BT004' }))
})

test('a plan tells what would be new, changed and the same', async () => {
  const hash = createHash('sha256').update('same').digest('hex')
  const now = {
    'a.ts': { hash, size: 4 },
    'b.ts': { hash: 'other', size: 4 },
    'c.ts': { hash: 'kept', size: 1 },
  }
  const files = ['a.ts', 'b.ts', 'd.ts'].map((path) => ({ path, content: 'same' }))
  expect(await planImport(now, files)).toEqual({
    added: ['d.ts'],
    changed: ['b.ts'],
    same: ['a.ts'],
    kept: 1,
  })
})
