import { QueryClient } from '@tanstack/react-query'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openFeed } from './open-feed.ts'
import { createSimulation, type Diary, type Faults } from './testing/simulation.ts'
import { createVirtualClock } from './testing/virtual-clock.ts'

const chance = (max: number) => fc.double({ min: 0, max, noNaN: true })
const upTo = (max: number) => fc.integer({ min: 0, max })

const faults: fc.Arbitrary<Faults> = fc.record({
  dropped: chance(1),
  repeated: chance(0.5),
  stripped: chance(1),
  hintDelay: upTo(400),
  readFails: chance(0.7),
  readDelay: upTo(300),
  joinRefused: chance(0.8),
  deafAfterJoin: upTo(2_000),
})

const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constant('append'), count: upTo(40) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('wait'), ms: upTo(20_000) }) },
  { weight: 8, arbitrary: fc.record({ does: fc.constant('wait'), ms: upTo(50) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('forget'), share: chance(1) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('disconnect', 'woken', 'online', 'offline') }) },
)

test('whatever the socket does, the screen ends equal to the table, each event applied once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      faults,
      fc.array(happening, { maxLength: 60 }),
      upTo(20),
      upTo(2 ** 31),
      async (faults, happenings, cached, seed) => {
        const clock = createVirtualClock()
        const random = seeded(seed)
        const world = createSimulation(clock, random, { ...faults })
        const surroundings = createSurroundings()
        const queryClient = new QueryClient()

        world.append(cached)
        if (cached > 10) queryClient.setQueryData(world.spec.queryKey, world.diary())
        const { transport } = world
        const feed = openFeed(world.spec, { transport, queryClient, surroundings, clock, random })
        for (const happening of happenings) await happen(happening)
        world.heal()
        surroundings.tell('online')
        await clock.advance(200_000)

        expect(world.wrongs).toEqual([])
        expect(queryClient.getQueryData<Diary>(world.spec.queryKey)).toEqual(world.diary())
        expect(feed.status().state).toBe('live')
        expect(world.counts.requests).toBeLessThan(allowedRequests())
        feed.close()

        const { requests, joins } = world.counts
        world.append(3)
        await clock.advance(600_000)
        expect(world.counts).toMatchObject({ requests, joins })

        async function happen(it: { does: string; count?: number; ms?: number; share?: number }) {
          if (it.does === 'append') world.append(it.count ?? 0)
          else if (it.does === 'wait') await clock.advance(it.ms ?? 0)
          else if (it.does === 'forget') world.forget(it.share ?? 0)
          else if (it.does === 'disconnect') world.disconnect()
          else surroundings.tell(it.does as News)
        }

        /** Each input may cause one request, each page brings seven events, and timers wait 250 ms at least. */
        function allowedRequests() {
          const inputs = happenings.length + world.counts.hints + 2 * world.counts.joins
          return 20 + inputs + world.diary().seq / 7 + clock.now() / 250
        }
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)

type News = 'woken' | 'online' | 'offline'

function createSurroundings() {
  let tell = (_news: News) => {}
  return {
    isOnline: () => true,
    watch(listener: (news: News) => void) {
      tell = listener
      return () => {
        tell = () => {}
      }
    },
    tell: (news: News) => tell(news),
  }
}

/** Mulberry32: small, and the same everywhere. */
function seeded(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
