import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EscalationMetrics, EscalationState } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { type Staff, staff } from './desk.ts'
import { type Arguments, call, createTeam, type Person, signUp } from './people.ts'
import { createChat, createProject } from './work.ts'

let db: Database
let people: Staff
let chat: string
beforeAll(async () => {
  db = await createDatabase()
  people = await staff(db)
  chat = (await createChat(db, people.junior, people.project.id)).id
  for (const past of PAST) await happened(past)
})
afterAll(() => db[Symbol.asyncDispose]())

type Past = {
  state: EscalationState
  raised: string
  claimed?: string
  closed?: string
  by?: 'senior' | 'second'
  cause?: string
  right?: boolean
  confidence?: string
  lapses?: number
}

/** Three days of March, in UTC. */
const PAST: Past[] = [
  { state: 'cancelled', raised: '02-27 10:00', closed: '03-01 09:30' },
  {
    state: 'resolved',
    raised: '03-01 09:00',
    claimed: '03-01 09:01',
    closed: '03-01 09:10',
    by: 'senior',
    cause: 'Model mistake',
    right: true,
    confidence: 'high',
  },
  {
    state: 'resolved',
    raised: '03-01 09:30',
    claimed: '03-01 09:33',
    closed: '03-01 10:30',
    by: 'senior',
    cause: 'model mistake',
    right: false,
    confidence: 'high',
    lapses: 1,
  },
  {
    state: 'returned',
    raised: '03-02 22:30',
    claimed: '03-02 22:40',
    closed: '03-03 01:00',
    by: 'second',
    right: true,
    confidence: 'low',
  },
  {
    state: 'resolved',
    raised: '03-03 08:00',
    claimed: '03-03 08:20',
    closed: '03-04 00:00',
    by: 'second',
    cause: 'Unclear request',
  },
]

async function happened(past: Past): Promise<void> {
  const at = (time: string | undefined) => (time ? `2026-${time}:00Z` : null)
  const holder = past.by ? people[past.by].sub : null
  await db.sql`
    insert into escalations (team_id, project_id, chat_id, source, reason, state, raised_at, claimed_by, claimed_at,
      first_claimed_at, closed_at, cause, assessment_was_right, assessment_confidence, lapses)
    values (${people.team.id}, ${people.project.id}, ${chat}, 'person', 'Stuck.', ${past.state}, ${at(past.raised)}, ${holder},
      ${at(past.claimed)}, ${at(past.claimed)}, ${at(past.closed)}, ${past.cause ?? null}, ${past.right ?? null},
      ${past.confidence ?? null}::confidence, ${past.lapses ?? 0})`
}

const metrics = (more: Arguments = {}, self: Person = people.owner) =>
  call<EscalationMetrics>(db, self, 'escalation_metrics', {
    team_id: people.team.id,
    from: '2026-03-01T00:00:00Z',
    to: '2026-03-04T00:00:00Z',
    ...more,
  })

test('what happened in the period is counted, and how long it took', async () => {
  const told = await metrics()
  expect(told).toMatchObject({
    raised: 4,
    claimed: 4,
    resolved: 3,
    returned: 1,
    cancelled: 0,
    open: 0,
    to_claim: { count: 4, median_s: 180, p90_s: 1_200 },
    to_resolve: { count: 3, median_s: 3_600, p90_s: 57_600 },
    lapse_rate: 0.25,
    return_rate: 0.25,
    assessment: {
      answered: 3,
      right: 2,
      share: 0.6667,
      by_confidence: [
        { confidence: 'low', answered: 1, right: 1 },
        { confidence: 'high', answered: 2, right: 1 },
      ],
    },
  })
  expect(told).not.toHaveProperty('key')
})

test('it is told by person, cause, project, hour and source', async () => {
  const told = await metrics()
  expect(told.by_person.map(({ label, raised }) => [label, raised])).toEqual(
    expect.arrayContaining([
      ['Sena', 2],
      ['Sam', 2],
    ]),
  )
  expect(told.by_person.find(({ key }) => key === people.senior.sub)).toMatchObject({
    lapsed: 1,
    to_claim: { count: 2, median_s: 60, p90_s: 180 },
  })
  expect(told.by_cause.map(({ label, key, raised }) => [label, key, raised])).toEqual([
    ['model mistake', 'model mistake', 2],
    ['Unclear request', 'unclear request', 1],
  ])
  expect(told.by_project).toMatchObject([{ key: people.project.id, label: 'Todo list', raised: 4 }])
  expect(told.by_hour.map(({ label, raised }) => [label, raised])).toEqual([
    ['08:00', 1],
    ['09:00', 2],
    ['22:00', 1],
  ])
  expect(told.by_source).toMatchObject([{ key: 'person', raised: 4 }])
})

test('the backlog is what was open at the end of each step, with what was open before', async () => {
  const { step, over_time } = await metrics()
  expect(step).toBe('hour')
  expect(over_time).toHaveLength(72)
  const at = (time: string) => over_time.find((point) => point.at === `2026-03-${time}:00.000000Z`)
  expect(at('01T09:00')).toMatchObject({ raised: 0, closed: 0, backlog: 1 })
  expect(at('01T10:00')).toMatchObject({ raised: 2, closed: 2, backlog: 1 })
  expect(at('01T11:00')).toMatchObject({ raised: 0, closed: 1, backlog: 0 })
  expect(at('02T23:00')).toMatchObject({ raised: 1, backlog: 1 })
  expect(over_time.at(-1)).toMatchObject({ at: '2026-03-04T00:00:00.000000Z', backlog: 1 })
})

test('hours and days are those of the time zone that is asked for', async () => {
  const { by_hour } = await metrics({ time_zone: 'America/New_York' })
  expect(by_hour.map(({ label }) => label)).toEqual(['03:00', '04:00', '17:00'])
  const { over_time, step } = await metrics({ from: '2026-02-01T05:00:00Z', time_zone: 'America/New_York' })
  expect(step).toBe('day')
  expect(over_time[0]).toMatchObject({ at: '2026-02-02T05:00:00.000000Z' })
})

test('it can be asked of one person, cause or project', async () => {
  expect(await metrics({ person: people.senior.sub })).toMatchObject({ raised: 2 })
  expect(await metrics({ cause: 'UNCLEAR request' })).toMatchObject({
    raised: 1,
    by_person: [{ label: 'Sam' }],
  })
  expect(await metrics({ project_id: people.team.id })).toMatchObject({ raised: 0, by_project: [] })
})

test('an empty period has no numbers, and says so', async () => {
  expect(await metrics({ from: '2025-01-01', to: '2025-01-02' })).toMatchObject({
    raised: 0,
    to_claim: { count: 0, median_s: null, p90_s: null },
    lapse_rate: null,
    return_rate: null,
    assessment: { answered: 0, share: null, by_confidence: [] },
    by_person: [],
  })
})

test.each([
  [{ from: '2026-03-04T00:00:00Z' }, 'to'],
  [{ from: '2006-03-04T00:00:00Z' }, 'to'],
  [{ time_zone: 'Nowhere/Land' }, 'time_zone'],
])('a period that is none is refused: %o', async (args, field) => {
  const error = await metrics(args).catch((reason) => reason)
  expect(error.code).toBe('BT004')
  expect(JSON.parse(error.detail)).toEqual({ field })
})

test('other teams are not counted', async () => {
  const stranger = await signUp(db, 'Stranger')
  const team = await createTeam(db, stranger, 'Other')
  await createProject(db, stranger, team.id)
  expect(await metrics({ team_id: team.id }, stranger)).toMatchObject({ raised: 0 })
  await expect(metrics({}, stranger)).rejects.toMatchObject({ code: 'BT003' })
})
