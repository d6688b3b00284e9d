/**
 * People who only watch: the feed of the app, over a gateway and a realtime server that are killed now and then. Whatever
 * becomes of these, a spectator is shown each event of the log once, in its order, with its own words.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { SupabaseClient } from '@supabase/supabase-js'
import { QueryClient } from '@tanstack/react-query'
import { type FeedSpec, openFeed, supabaseTransport } from '../../../src/feed/index.ts'
import type { BatonEvent, ProjectSnapshot } from '../../../supabase/functions/_shared/protocol.ts'
import type { StackConfig } from '../../config.ts'
import { startParts } from '../parts.ts'
import type { Person } from '../person.ts'
import type { Evidence, Place } from './evidence.ts'
import type { Random } from './random.ts'

export type Spectator = {
  /** What was shown otherwise than the log has it. */
  complaints(events: Evidence['events']): Promise<string[]>
  leave(): void
}
export type Spectators = {
  watch(place: Place): Spectator
  /** One of the two dies; it is started again. */
  shake(random: Random): void
  kills(): number
  [Symbol.asyncDispose](): Promise<void>
}

type Shown = Pick<BatonEvent, 'seq' | 'kind' | 'payload'>
type Page = ProjectSnapshot & { since: number; shown: Shown[] }

const PATIENCE_MS = 60_000

export async function gatherSpectators(database: StackConfig, person: Person): Promise<Spectators> {
  const parts = await startParts(database, ['realtime', 'gateway'])
  let kills = 0
  return {
    watch: (place) => watch(place, parts.client(person)),
    shake(random) {
      const { pid } = parts.part(random.one(['realtime', 'gateway'] as const))
      if (!pid) return
      process.kill(pid, 'SIGKILL')
      kills++
    },
    kills: () => kills,
    [Symbol.asyncDispose]: () => parts[Symbol.asyncDispose](),
  }
}

function watch({ projectId }: Place, client: SupabaseClient): Spectator {
  const queryClient = new QueryClient()
  const queryKey = ['project', projectId]
  const spec: FeedSpec<Page> = {
    topic: `project:${projectId}`,
    queryKey,
    async load(signal) {
      const { data, error } = await client
        .rpc('project_snapshot', { project_id: projectId })
        .abortSignal(signal)
      if (error) throw error
      return { ...(data as ProjectSnapshot), since: data.seq, shown: [] }
    },
    apply: (before, { seq, kind, payload }) => ({
      ...before,
      shown: [...before.shown, { seq, kind, payload } as Shown],
    }),
    mayEndAccess: () => false,
  }
  const feed = openFeed(spec, { transport: supabaseTransport(async () => client), queryClient })
  const page = () => queryClient.getQueryData<Page>(queryKey)
  return {
    async complaints(events) {
      const head = events.at(-1)!.seq
      const isThere = await comesTrue(() => (page()?.seq ?? 0) >= head)
      if (!isThere) return [`a spectator was shown ${page()?.seq} of ${head} events (${feed.status().state})`]
      const { since, shown } = page()!
      const missed = events.filter(({ seq }) => seq > since)
      const wrong = missed.findIndex(
        ({ seq, kind, payload }, at) => !isDeepStrictEqual(shown[at], { seq, kind, payload }),
      )
      return wrong < 0
        ? []
        : [`a spectator was shown ${JSON.stringify(shown[wrong])} as event ${missed[wrong]!.seq}`]
    },
    leave() {
      feed.close()
      void client.removeAllChannels()
    },
  }
}

async function comesTrue(holds: () => boolean): Promise<boolean> {
  const until = Date.now() + PATIENCE_MS
  while (!holds() && Date.now() < until) await pause(50)
  return holds()
}
