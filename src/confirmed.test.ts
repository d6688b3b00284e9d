import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { confirmed } from './confirmed.ts'

const KEY = ['team', 't']
const isTwo = ({ seq }: { seq: number }) => seq === 2

let client: QueryClient
beforeEach(() => {
  vi.useFakeTimers()
  client = new QueryClient()
})
afterEach(() => {
  client.clear()
  vi.useRealTimers()
})

function settled(promise: Promise<void>): () => boolean {
  let done = false
  void promise.then(() => {
    done = true
  })
  return () => done
}

test('waits until the log says what was accepted', async () => {
  client.setQueryData(KEY, { seq: 1 })
  const isSettled = settled(confirmed(client, KEY, isTwo))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(isSettled()).toBe(false)
  client.setQueryData(KEY, { seq: 2 })
  await vi.advanceTimersByTimeAsync(10)
  expect(isSettled()).toBe(true)
})

test('does not wait when the log was faster than the answer', async () => {
  client.setQueryData(KEY, { seq: 2 })
  await confirmed(client, KEY, isTwo)
})

test('does not wait for a snapshot that is gone', async () => {
  await confirmed(client, KEY, isTwo)
})

test('believes the log when it never says so', async () => {
  client.setQueryData(KEY, { seq: 1 })
  const isSettled = settled(confirmed(client, KEY, isTwo))
  await vi.advanceTimersByTimeAsync(5_001)
  expect(isSettled()).toBe(true)
})
