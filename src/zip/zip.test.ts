import { createHash } from 'node:crypto'
import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { planImport } from './import-plan.ts'
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

test('a zip whose entries lie about their size gives no more than they said', () => {
  const bytes = zip({ 'a.txt': 'x'.repeat(1_000_000) })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const directory = view.getUint32(bytes.length - 6, true)
  view.setUint32(directory + 24, 10, true)
  expect(lengthOf(bytes)).toBeLessThanOrEqual(10)
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

function lengthOf(bytes: Uint8Array): number {
  try {
    return readZip(bytes).files[0]?.content.length ?? 0
  } catch {
    return 0
  }
}

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
