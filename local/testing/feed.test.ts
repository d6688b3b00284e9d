/** The feed of the app against the real stack: gateway, realtime and database, each a process that can be killed. */
import { QueryClient } from '@tanstack/react-query'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  type FeedSpec,
  type FeedStatus,
  type FeedTransport,
  openFeed,
  supabaseTransport,
} from '../../src/feed/index.ts'
import type { BatonEvent, TeamSnapshot, Topic } from '../../supabase/functions/_shared/protocol.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { type RunningParts, startParts } from './parts.ts'
import { asPerson, createPerson, createTeam, type Person } from './person.ts'

let database: TestDatabase
let parts: RunningParts
const toClose: (() => unknown)[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  parts = await startParts(database.config, ['realtime', 'gateway'])
})
afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
})
afterAll(async () => {
  await parts[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

test('nothing is lost or doubled while realtime is killed under load', async () => {
  const { owner, topic } = await foundTeam()
  const pages = [open(topic, owner), open(topic, owner), open(topic, owner)]
  const all = <Result>(wait: (page: OpenPage) => Promise<Result>) => Promise.all(pages.map(wait))
  await all((page) => page.becomes('live'))
  const first = pages[0]!.shown()!.seq + 1

  const load = startLoad(topic)
  for (const kill of [1, 2, 3]) {
    await all((page) => page.reaches(first + kill * 100))
    process.kill(parts.part('realtime').pid!, 'SIGKILL')
    await all((page) => page.becomes('catching-up'))
    await all((page) => page.becomes('live'))
  }
  const head = await load.stop()

  await all((page) => page.reaches(head))
  const everyEvent = Array.from({ length: head - first + 1 }, (_, n) => first + n)
  for (const page of pages) expect(page.applied()).toEqual(everyEvent)
}, 60_000)

test('a page that was cut off hears the channel again', async () => {
  const { owner, topic } = await foundTeam()
  const page = open(topic, owner)
  await page.becomes('live')
  process.kill(parts.part('realtime').pid!, 'SIGKILL')
  await page.becomes('catching-up')
  await page.becomes('live')
  const seq = await append(topic, 'after')
  await page.hears(seq)
  expect(page.applied()).toEqual([seq])
}, 60_000)

test('a payload that is too large for a hint is read from the table', async () => {
  const { owner, topic } = await foundTeam()
  const page = open(topic, owner)
  await page.becomes('live')
  const name = 'x'.repeat(20_000)
  await page.reaches(await append(topic, name))
  expect(page.shown()?.team.name).toBe(name)
})

test('whoever is removed from the team is shown nothing more, at once', async () => {
  const { owner, team, topic } = await foundTeam()
  const member = await addMember(owner, team)
  const page = open(topic, member)
  await page.becomes('live')
  const began = performance.now()
  await asPerson(
    database.sql('authenticator'),
    owner,
    (sql) => sql`select public.remove_member(${team}, ${member.id})`,
  )
  await page.becomes('denied')
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(page.status().error?.code).toBe('BT003')
  expect(page.shown()).toBeUndefined()
})

test('a stranger is shown nothing', async () => {
  const { topic } = await foundTeam()
  const stranger = await createPerson(parts.config, database.sql('supabase_admin'))
  const page = open(topic, stranger)
  await page.becomes('denied')
  expect(page.shown()).toBeUndefined()
})

async function foundTeam() {
  const owner = await createPerson(parts.config, database.sql('supabase_admin'))
  const { id } = await createTeam(database.sql('authenticator'), owner)
  return { owner, team: id, topic: `team:${id}` as Topic }
}

async function addMember(owner: Person, team: string): Promise<Person> {
  const member = await createPerson(parts.config, database.sql('supabase_admin'))
  const sql = database.sql('authenticator')
  const rows = await asPerson(
    sql,
    owner,
    (sql) =>
      sql<
        { token: string }[]
      >`select public.invite_member(${team}, ${member.email}, 'member')->>'token' as token`,
  )
  await asPerson(sql, member, (sql) => sql`select public.accept_invitation(${rows[0]!.token})`)
  return member
}

/** Answers its seq. */
async function append(topic: Topic, name: string): Promise<number> {
  const sql = database.sql('postgres')
  const payload = sql.json({ name })
  const rows = await sql`select public.append_event(${topic}, 'team.renamed', ${payload}) as seq`
  return Number(rows[0]!.seq)
}

/** One event after the other, as fast as they commit. */
function startLoad(topic: Topic) {
  let isOver = false
  const work = async () => {
    let head = 0
    while (!isOver) head = await append(topic, `#${head}`)
    return head
  }
  const done = work()
  const stop = () => {
    isOver = true
    return done
  }
  toClose.push(stop)
  return { stop }
}

type Page = TeamSnapshot & { applied: number[] }
type OpenPage = ReturnType<typeof open>

function open(topic: Topic, person: Person) {
  const client = parts.client(person)
  const queryClient = new QueryClient()
  const queryKey = ['team', topic]
  const spec: FeedSpec<Page> = {
    topic,
    queryKey,
    async load(signal) {
      const args = { team_id: topic.slice('team:'.length) }
      const { data, error } = await client.rpc('team_snapshot', args).abortSignal(signal)
      if (error) throw error
      return { ...data, applied: [] }
    },
    apply: (before, event) => ({ ...renamed(before, event), applied: [...before.applied, event.seq] }),
    mayEndAccess: ({ kind }) => kind === 'member.removed',
  }
  const heard = createEars()
  const transport = listening(
    supabaseTransport(async () => client),
    heard.note,
  )
  const feed = openFeed(spec, { transport, queryClient })
  toClose.push(feed.close)
  const shown = () => queryClient.getQueryData<Page>(queryKey)
  const onDraw = (listener: () => void) => queryClient.getQueryCache().subscribe(listener)
  return {
    status: feed.status,
    shown,
    applied: () => shown()?.applied ?? [],
    becomes: (state: FeedStatus['state']) => until(feed.subscribe, () => feed.status().state === state),
    reaches: (seq: number) => until(onDraw, () => (shown()?.seq ?? 0) >= seq),
    hears: (seq: number) => until(heard.subscribe, () => heard.has(seq)),
  }
}

/** The seqs that the channel itself brought, as opposed to a read. */
function createEars() {
  const seqs = new Set<number>()
  const listeners = new Set<() => void>()
  return {
    has: (seq: number) => seqs.has(seq),
    note(seq: number) {
      seqs.add(seq)
      for (const listener of listeners) listener()
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function listening(transport: FeedTransport, note: (seq: number) => void): FeedTransport {
  return {
    ...transport,
    join: (topic, handlers) =>
      transport.join(topic, {
        ...handlers,
        hinted(hint) {
          handlers.hinted(hint)
          note(hint.seq)
        },
      }),
  }
}

function renamed(page: Page, event: BatonEvent): Page {
  return event.kind === 'team.renamed' ? { ...page, team: { ...page.team, name: event.payload.name } } : page
}

function until(subscribe: (listener: () => void) => () => void, holds: () => boolean): Promise<void> {
  if (holds()) return Promise.resolve()
  return new Promise((resolve) => {
    const unsubscribe = subscribe(() => {
      if (!holds()) return
      unsubscribe()
      resolve()
    })
  })
}
