import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventPage, Hint, TeamSnapshot, Topic } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, createTeam, type Person, service, signUp } from './people.ts'

let db: Database
let owner: Person
beforeAll(async () => {
  db = await createDatabase()
  owner = await signUp(db, 'Owner')
})
afterAll(() => db[Symbol.asyncDispose]())

const newTopic = async (): Promise<Topic> => `team:${(await createTeam(db, owner, 'Rockets')).id}`
const append = (topic: string, payload: object = {}) =>
  call<string>(db, service, 'append_event', { topic, kind: 'test.written', payload })
const appendMany = (topic: string, count: number) =>
  db.sql`select public.append_event(${topic}, 'test.written', jsonb_build_object('n', n)) from generate_series(1, ${count}::int) n`
const read = (topic: string, after_seq: number | null, max_events?: number | null) =>
  call<EventPage>(db, owner, 'read_events', {
    topic,
    after_seq,
    ...(max_events === undefined ? {} : { max_events }),
  })
const seqs = ({ events }: EventPage) => events.map(({ seq }) => seq)

describe('an event', () => {
  test('is refused on a topic that is none, and of a kind that is none', async () => {
    for (const topic of ['', 'lobby', 'team:', 'team:1', `Team:${randomUUID()}`, `team:${randomUUID()} `]) {
      await expect(append(topic)).rejects.toMatchObject({ code: '23514' })
    }
    const args = { topic: `team:${randomUUID()}`, payload: {} }
    await expect(call(db, service, 'append_event', { ...args, kind: 'shout' })).rejects.toMatchObject({
      code: '23514',
    })
  })

  test('is hinted to the private channel of its topic, in the same transaction', async () => {
    const topic = await newTopic()
    await append(topic, { text: 'hello' })
    await expect(
      db.sql.begin(async (sql) => {
        await sql`select public.append_event(${topic}, 'test.written', '{}')`
        throw new Error('taken back')
      }),
    ).rejects.toThrow('taken back')
    const hints = await db.sql`
      select event, extension, private, payload from realtime.messages where topic = ${topic} order by inserted_at`
    const [event] = (await read(topic, 1)).events
    expect(hints).toHaveLength(2)
    expect(hints[1]).toEqual({
      event: 'event',
      extension: 'broadcast',
      private: true,
      payload: {
        id: expect.any(String),
        topic,
        seq: 2,
        kind: 'test.written',
        at: event!.at,
        payload: { text: 'hello' },
      } satisfies Hint & { id: unknown },
    })
  })

  test('of more than 8 KB is hinted without its payload', async () => {
    const topic = await newTopic()
    const large = { text: 'x'.repeat(9000) }
    await append(topic, { text: 'x'.repeat(8000) })
    await append(topic, large)
    const hints = await db.sql<{ payload: Hint }[]>`
      select payload from realtime.messages where topic = ${topic} order by (payload ->> 'seq')::int`
    expect(hints.map(({ payload }) => 'payload' in payload)).toEqual([true, true, false])
    expect((await read(topic, 2)).events[0]!.payload).toEqual(large)
  })
})

describe('reading a topic', () => {
  test('goes from page to page, oldest first', async () => {
    const topic = await newTopic()
    await appendMany(topic, 9)
    expect(await read(topic, 0, 4)).toMatchObject({ head: 10, reset: false })
    expect(seqs(await read(topic, 0, 4))).toEqual([1, 2, 3, 4])
    expect(seqs(await read(topic, 4, 4))).toEqual([5, 6, 7, 8])
    expect(seqs(await read(topic, 8, 4))).toEqual([9, 10])
    expect(await read(topic, 10, 4)).toEqual({ head: 10, reset: false, events: [] })
    expect(seqs(await read(topic, null))).toHaveLength(10)
  })

  test('gives at least one event and at most 1,000', async () => {
    const topic = await newTopic()
    await appendMany(topic, 1200)
    expect(seqs(await read(topic, 0, -5))).toEqual([1])
    expect(seqs(await read(topic, 0, 1_000_000))).toHaveLength(1000)
    expect(seqs(await read(topic, 0, null))).toHaveLength(500)
    expect(seqs(await read(topic, 0))).toHaveLength(500)
  })

  test('of which nothing was ever said is empty', async () => {
    const person = await signUp(db, 'Quiet')
    const page = await call(db, person, 'read_events', { topic: `user:${person.sub}`, after_seq: 0 })
    expect(page).toEqual({ head: 0, reset: false, events: [] })
  })

  test('asks for a new snapshot when the reader is ahead, as after a restored backup', async () => {
    const topic = await newTopic()
    expect(await read(topic, 5)).toEqual({ head: 1, reset: true, events: [] })
  })

  test.for(['team:', 'lobby', '', "team:' or true --", `team:${randomUUID()}`, `project:${randomUUID()}`])(
    'called "%s" is refused',
    async (topic) => {
      await expect(read(topic, 0)).rejects.toMatchObject({ code: 'BT003' })
    },
  )

  test('takes the same moment for the rows and for the seq of a snapshot', async () => {
    const { id } = await createTeam(db, owner, 'Before')
    const snapshot = await db.as(owner, async (sql) => {
      const renamed =
        await sql`select public.rename_team(${id}, 'After'), public.team_snapshot(${id}) as during`
      const [after] = await sql`select public.team_snapshot(${id}) as result`
      return { during: renamed[0]!.during as TeamSnapshot, after: after!.result as TeamSnapshot }
    })
    expect(snapshot.during).toMatchObject({ seq: 1, team: { name: 'Before' } })
    expect(snapshot.after).toMatchObject({ seq: 2, team: { name: 'After' } })
  })
})

describe('forgetting', () => {
  const forget = async () => {
    await db.sql`update baton.chores set due_at = now()`
    return (await call<{ forgotten_events: number }>(db, service, 'tick')).forgotten_events
  }
  const makeOld = (topic: string, upTo: number) =>
    db.sql`update events set at = now() - interval '8 days' where topic = ${topic} and seq <= ${upTo}`

  test('keeps 7 days and the last 1,000, whichever is more', async () => {
    const topic = await newTopic()
    await appendMany(topic, 1499)
    expect(await forget()).toBe(0)
    await makeOld(topic, 100)
    expect(await forget()).toBe(100)
    await makeOld(topic, 1500)
    expect(await forget()).toBe(400)
    expect(await forget()).toBe(0)
    const [left] =
      await db.sql`select min(seq)::int, max(seq)::int, count(*)::int from events where topic = ${topic}`
    expect(left).toEqual({ min: 501, max: 1500, count: 1000 })

    expect(await read(topic, 499)).toEqual({ head: 1500, reset: true, events: [] })
    expect(seqs(await read(topic, 500, 2))).toEqual([501, 502])
  })

  test('goes in bites, tick by tick, and rests when there is nothing left', async () => {
    const topic = await newTopic()
    await appendMany(topic, 3499)
    await makeOld(topic, 3500)
    expect(await forget()).toBe(1000)
    const tick = async () => (await call<{ forgotten_events: number }>(db, service, 'tick')).forgotten_events
    expect(await tick()).toBe(1000)
    expect(await tick()).toBe(500)
    expect(await tick()).toBe(0)
    const [chore] = await db.sql`select due_at > now() + interval '9 minutes' as rests from baton.chores`
    expect(chore).toEqual({ rests: true })
  })
})
