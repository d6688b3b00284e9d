import { expect, test } from 'vitest'
import { createDrafts, type Draft } from './drafts.ts'

const DRAFT: Draft = { content: 'typed', baseVersion: 3, baseHash: 'abc' }

function memoryStorage(room = Number.POSITIVE_INFINITY) {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > room) throw new DOMException('full', 'QuotaExceededError')
      kept.set(key, value)
    },
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size
    },
  }
}

test('what was typed is there after a reload', () => {
  const storage = memoryStorage()
  const before = createDrafts(storage)
  before.set('draft:src/App.tsx', DRAFT)
  before.flush()
  const after = createDrafts(storage)
  expect(after.paths('draft:')).toEqual(['src/App.tsx'])
  expect(after.get('draft:src/App.tsx')).toEqual(DRAFT)
})

test('a draft that was let go is gone from the storage too', () => {
  const storage = memoryStorage()
  const drafts = createDrafts(storage)
  drafts.set('draft:a', DRAFT)
  drafts.set('draft:a', null)
  expect(drafts.paths('draft:')).toEqual([])
  expect(createDrafts(storage).get('draft:a')).toBeNull()
})

test('where the storage is full the draft stays in memory, and says so', () => {
  const drafts = createDrafts(memoryStorage(10))
  drafts.set('draft:a', DRAFT)
  drafts.flush()
  expect(drafts.get('draft:a')).toEqual(DRAFT)
  expect(drafts.isOnlyInMemory('draft:a')).toBe(true)
  drafts.set('draft:a', null)
  expect(drafts.hasLost()).toBe(false)
})

test('what another window wrote is read, unless this one typed on', () => {
  const storage = memoryStorage()
  const drafts = createDrafts(storage)
  drafts.set('draft:a', DRAFT)
  drafts.flush()
  storage.setItem('draft:a', JSON.stringify({ ...DRAFT, content: 'elsewhere' }))
  drafts.forget('draft:a')
  expect(drafts.get('draft:a')?.content).toBe('elsewhere')
  drafts.set('draft:a', { ...DRAFT, content: 'here' })
  drafts.forget('draft:a')
  expect(drafts.get('draft:a')?.content).toBe('here')
})

test('what cannot be read is no draft', () => {
  const storage = memoryStorage()
  storage.setItem('draft:a', '{"content": 1}')
  storage.setItem('draft:b', '{')
  expect(createDrafts(storage).paths('draft:')).toEqual([])
})
