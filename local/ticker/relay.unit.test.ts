import { expect, test, vi } from 'vitest'
import { createLog } from '../log.ts'
import { eventually } from '../testing/eventually.ts'
import { createRelay, type RelayOptions } from './relay.ts'
import { parseWake, type Wake } from './wake.ts'

const log = createLog('ticker', () => {})
const mail: Wake = { function: 'mail', payload: {} }

/** Posts that stay open until the test ends them. */
function openPosts(options: Partial<RelayOptions> = {}) {
  const open: { wake: Wake; answer(): void; fail(): void }[] = []
  const post = (wake: Wake) =>
    new Promise<void>((answer, reject) => {
      open.push({ wake, answer, fail: () => reject(new Error('refused')) })
    })
  const posted = (count: number) => eventually(() => expect(open).toHaveLength(count))
  return { open, posted, relay: createRelay({ post, log, retryDelaysMs: [1, 1], ...options }) }
}

test('equal wakes that wait become one, and one under way is followed by another', async () => {
  const { open, posted, relay } = openPosts({ atOnce: 1 })
  for (let i = 0; i < 5; i++) relay.wake(mail)
  await posted(1)
  open[0]!.answer()
  await posted(2)
  open[1]!.answer()
  relay.wake({ function: 'agent', payload: {} })
  await posted(3)
  expect(open.map(({ wake }) => wake.function)).toEqual(['mail', 'mail', 'agent'])
})

test('wakes with different payloads are different', async () => {
  const { posted, relay } = openPosts()
  relay.wake({ function: 'agent', payload: { run: 1 } })
  relay.wake({ function: 'agent', payload: { run: 2 } })
  await posted(2)
})

test('only so many are under way at once', async () => {
  const { open, posted, relay } = openPosts({ atOnce: 2 })
  for (let run = 0; run < 5; run++) relay.wake({ function: 'agent', payload: { run } })
  await posted(2)
  open[0]!.answer()
  await posted(3)
})

test('one that fails is tried again, and given up in the end', async () => {
  const { open, posted, relay } = openPosts()
  relay.wake(mail)
  for (const attempt of [0, 1, 2]) {
    await posted(attempt + 1)
    open[attempt]!.fail()
  }
  relay.wake({ function: 'agent', payload: {} })
  await posted(4)
  expect(open[3]!.wake.function).toBe('agent')
})

test('one that waits to be tried again is overtaken by a new one, not doubled', async () => {
  vi.useFakeTimers()
  const { open, relay } = openPosts({ retryDelaysMs: [50] })
  relay.wake(mail)
  open[0]!.fail()
  await vi.advanceTimersByTimeAsync(10)
  relay.wake(mail)
  open[1]!.answer()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(open).toHaveLength(2)
  vi.useRealTimers()
})

test.for([
  ['{"function":"mail","payload":{"a":1}}', { function: 'mail', payload: { a: 1 } }],
  ['{"function":"mail"}', { function: 'mail', payload: {} }],
  ['{"function":"../auth/v1/admin"}', null],
  ['{"function":7}', null],
  ['null', null],
  ['mail', null],
] as const)('%s is read as %o', ([text, wake]) => {
  expect(parseWake(text)).toEqual(wake)
})
