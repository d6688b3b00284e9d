import { QueryClient, QueryObserver, skipToken } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { FeedSpec } from './feed.ts'
import { openFeed } from './open-feed.ts'
import { createSimulation, type Diary, type Faults, NO_FAULTS } from './testing/simulation.ts'
import { createVirtualClock } from './testing/virtual-clock.ts'

function setting(faults: Partial<Faults> = {}) {
  const clock = createVirtualClock()
  const world = createSimulation(clock, () => 0.5, { ...NO_FAULTS, ...faults })
  const queryClient = new QueryClient()
  const shown = () => queryClient.getQueryData<Diary>(world.spec.queryKey)
  const open = (spec: Partial<FeedSpec<Diary>> = {}, transport = world.transport) =>
    openFeed({ ...world.spec, ...spec }, { transport, queryClient, clock, random: () => 0.5 })
  return { clock, world, queryClient, shown, open }
}

test('a page shows the snapshot and then each event', async () => {
  const { clock, world, shown, open } = setting()
  world.append(2)
  const feed = open()
  expect(feed.status().state).toBe('loading')
  await clock.advance(1_000)
  expect(feed.status().state).toBe('live')
  world.append(1)
  await clock.advance(0)
  expect(shown()).toEqual(world.diary())
})

test('what happened while the socket was away is there as soon as it is back', async () => {
  const { clock, world, shown, open } = setting()
  open()
  await clock.advance(10_000)
  world.disconnect()
  world.append(30)
  await clock.advance(200)
  expect(shown()).toEqual(world.diary())
})

test('without a channel the table is still followed', async () => {
  const { clock, world, shown, open } = setting({ joinRefused: 1 })
  open()
  await clock.advance(10_000)
  world.append(5)
  await clock.advance(7_000)
  expect(shown()).toEqual(world.diary())
})

test('a burst is drawn in one go, and the first of it at once', async () => {
  const { clock, world, queryClient, shown, open } = setting()
  open()
  await clock.advance(10_000)
  let draws = 0
  queryClient.getQueryCache().subscribe(({ type }) => {
    if (type === 'updated') draws += 1
  })
  world.append(200)
  await clock.advance(0)
  expect(shown()?.seq).toBeGreaterThan(0)
  await clock.advance(20)
  expect(shown()).toEqual(world.diary())
  expect(draws).toBe(2)
})

test('whoever may no longer read sees nothing more, at once', async () => {
  const { clock, world, queryClient, open } = setting()
  const refuse = () => Promise.reject({ code: 'BT003', message: 'gone' })
  let isMember = true
  const transport = {
    ...world.transport,
    readEvents: (...question: Parameters<typeof world.transport.readEvents>) =>
      isMember ? world.transport.readEvents(...question) : refuse(),
  }
  const feed = open({ mayEndAccess: ({ seq }) => seq === 3 }, transport)
  const observer = new QueryObserver<Diary>(queryClient, {
    queryKey: world.spec.queryKey,
    queryFn: skipToken,
  })
  const stopObserving = observer.subscribe(() => {})
  world.append(2)
  await clock.advance(10_000)
  expect(observer.getCurrentResult().data).toEqual(world.diary())

  isMember = false
  world.append(1)
  await clock.advance(10)
  await new Promise((resolve) => setTimeout(resolve))
  expect(feed.status()).toMatchObject({ state: 'denied', error: { code: 'BT003' } })
  expect(observer.getCurrentResult().data).toBeUndefined()
  expect(queryClient.getQueryCache().getAll()).toEqual([])
  stopObserving()
})

test('a server that never answers is asked again', async () => {
  const { clock, world, open } = setting()
  let asked = 0
  const feed = open({
    load() {
      asked += 1
      return asked === 1 ? new Promise(() => {}) : world.spec.load(AbortSignal.timeout(1_000))
    },
  })
  await clock.advance(16_000)
  expect({ asked, state: feed.status().state }).toEqual({ asked: 2, state: 'live' })
})

test.each([
  ['resets for ever', { head: 9, reset: true, events: [] }],
  ['promises events and gives none', { head: 9, reset: false, events: [] }],
])('a server that %s is not flooded', async (_name, page) => {
  const { clock, world, open } = setting()
  let asked = 0
  const answer = <Answer>(value: Answer) => {
    asked += 1
    return Promise.resolve(value)
  }
  const transport = { ...world.transport, readEvents: () => answer(page) }
  const feed = open({ load: () => answer({ seq: 1, lines: [] }) }, transport)
  await clock.advance(600_000)
  expect(feed.status().state).toBe('failed')
  expect(asked).toBeLessThan(80)
})

test('a server that is down is asked ever more slowly', async () => {
  const { clock, world, open } = setting({ readFails: 1 })
  const feed = open()
  await clock.advance(600_000)
  expect(feed.status()).toMatchObject({ state: 'failed', error: { message: 'The network is down.' } })
  expect(world.counts.requests).toBeLessThan(40)
})

test('a fold that throws leads to a new snapshot, and is heard of', async () => {
  const { clock, world, shown, open } = setting()
  let isBroken = true
  const feed = open({
    apply(before, event) {
      if (isBroken) throw new Error('What is this?')
      return world.spec.apply(before, event)
    },
  })
  await clock.advance(10_000)
  world.append(1)
  await clock.advance(0)
  expect(feed.status().error?.message).toBe('What is this?')
  isBroken = false
  world.append(1)
  await clock.advance(2_000)
  expect(shown()).toEqual(world.diary())
  expect(feed.status().state).toBe('live')
})

test('a listener hears of a change of status and not of each event', async () => {
  const { clock, world, open } = setting()
  const feed = open()
  const heard: string[] = []
  feed.subscribe(() => heard.push(feed.status().state))
  await clock.advance(500)
  world.append(20)
  await clock.advance(100)
  expect(heard).toEqual(['catching-up', 'live'])
})

test('an event that changes nothing is not drawn, and is not asked for again', async () => {
  const { clock, world, queryClient, shown, open } = setting()
  const feed = open({ apply: (diary) => diary })
  await clock.advance(10_000)
  const before = shown()
  let draws = 0
  queryClient.getQueryCache().subscribe(({ type }) => {
    if (type === 'updated') draws += 1
  })
  world.append(3)
  await clock.advance(100)
  expect(draws).toBe(0)
  expect(shown()).toBe(before)
  expect(shown()?.seq).toBe(world.diary().seq)
  feed.close()
})

test('closing draws what was still waiting, for the next feed to start from', async () => {
  const { clock, world, shown, open } = setting()
  const feed = open()
  await clock.advance(10_000)
  world.append(3)
  await clock.advance(0)
  feed.close()
  expect(shown()).toEqual(world.diary())
})
