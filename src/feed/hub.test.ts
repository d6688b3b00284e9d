import { expect, test } from 'vitest'
import type { FeedSpec } from './feed.ts'
import { createFeedHub, feedKey } from './hub.ts'
import { createVirtualClock } from './testing/virtual-clock.ts'

function setting() {
  const clock = createVirtualClock()
  const diary: string[] = []
  const hub = createFeedHub(({ topic }) => {
    diary.push(`open ${topic}`)
    return {
      subscribe: () => () => {},
      status: () => ({ state: 'live' }),
      close: () => diary.push(`close ${topic}`),
    }
  }, clock)
  const follow = (spec: FeedSpec) => hub.follow(spec, () => {})
  return { clock, diary, hub, follow }
}

const team: FeedSpec = {
  topic: 'team:1',
  queryKey: ['team', '1'],
  load: async () => ({ seq: 0 }),
  apply: (snapshot) => snapshot,
}

test('components that follow one topic share one feed', async () => {
  const { clock, diary, hub, follow } = setting()
  const [first, second] = [follow(team), follow({ ...team })]
  first()
  await clock.advance(60_000)
  expect(diary).toEqual(['open team:1'])
  expect(hub.status(feedKey(team)).state).toBe('live')
  second()
  await clock.advance(60_000)
  expect(diary).toEqual(['open team:1', 'close team:1'])
  expect(hub.status(feedKey(team)).state).toBe('loading')
})

test('another snapshot of the same topic is a feed of its own', async () => {
  const { diary, follow } = setting()
  follow(team)
  follow({ ...team, queryKey: ['team', '1', 'another view'] })
  expect(diary).toEqual(['open team:1', 'open team:1'])
})

test('going away and coming back soon keeps the feed open', async () => {
  const { clock, diary, follow } = setting()
  follow(team)()
  await clock.advance(1_000)
  follow(team)
  await clock.advance(60_000)
  expect(diary).toEqual(['open team:1'])
})

test('closing the hub closes each feed once, also one that lingers', async () => {
  const { clock, diary, hub, follow } = setting()
  follow(team)()
  follow({ ...team, topic: 'user:1' })
  hub.close()
  await clock.advance(60_000)
  expect(diary).toEqual(['open team:1', 'open user:1', 'close team:1', 'close user:1'])
})
