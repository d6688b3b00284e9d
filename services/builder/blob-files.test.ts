import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openBlobFiles } from './blob-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'baton-blobs-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a blob comes into its place whole', async () => {
  const files = openBlobFiles(folder, () => expect.unreachable())
  await Promise.all([files.keep('blobs/a', 'text'), files.keep('blobs/b', new Uint8Array([1, 2]))])
  expect(readdirSync(join(folder, 'blobs')).sort()).toEqual(['a', 'b'])
  expect(readFileSync(join(folder, 'blobs/a'), 'utf8')).toBe('text')
})

test('a disk that takes nothing is told of once, stops nobody, and is used again when it can be', async () => {
  writeFileSync(folder, 'in the way of the folder')
  const told: unknown[] = []
  const files = openBlobFiles(folder, (error) => told.push(error))
  await files.keep('blobs/a', 'text')
  await files.keep('blobs/b', 'text')
  expect(told).toHaveLength(1)
  rmSync(folder)
  await files.keep('blobs/a', 'text')
  expect(readdirSync(join(folder, 'blobs'))).toEqual(['a'])
  expect(told).toHaveLength(1)
})
