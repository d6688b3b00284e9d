import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ladder, LadderLevel, LadderPreview, Priority } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { LADDER, type Staff, staff } from './desk.ts'
import { type Arguments, call, service } from './people.ts'

let db: Database
let people: Staff
beforeAll(async () => {
  db = await createDatabase()
  people = await staff(db)
  await call(db, service, 'set_setting', { key: 'app_url', value: 'https://app.test' })
})
afterAll(() => db[Symbol.asyncDispose]())

const NIGHT = { from: '22:00', to: '07:00', time_zone: 'Europe/Berlin', urgent_breaks: true }
const preview = (ladder: Ladder | null, more: Arguments = {}) =>
  call<LadderPreview>(db, people.owner, 'preview_ladder', { team_id: people.team.id, ladder, ...more })
const told = (steps: LadderPreview) => steps.map(({ at, delayed }) => [at.slice(0, 16), delayed])

describe('a preview', () => {
  test('says who is told, when and how', async () => {
    expect(await preview(LADDER, { at: '2026-03-02T12:00:00Z' })).toEqual([
      {
        level: 0,
        after_minutes: 0,
        at: '2026-03-02T12:00:00.000000Z',
        delayed: false,
        by: ['bell'],
        people: [
          { user_id: people.second.sub, display_name: 'Sam' },
          { user_id: people.senior.sub, display_name: 'Sena' },
        ],
      },
      {
        level: 1,
        after_minutes: 15,
        at: '2026-03-02T12:15:00.000000Z',
        delayed: false,
        by: ['bell', 'mail'],
        people: [
          { user_id: people.admin.sub, display_name: 'Ada' },
          { user_id: people.owner.sub, display_name: 'Owner' },
        ],
      },
    ])
  })

  test('of what falls into the quiet hours waits for their end, in the time zone of the team', async () => {
    const ladder = { ...LADDER, quiet: NIGHT }
    expect(told(await preview(ladder, { at: '2026-01-10T20:50:00Z' }))).toEqual([
      ['2026-01-10T20:50', false],
      ['2026-01-11T06:00', true],
    ])
    expect(told(await preview(ladder, { at: '2026-07-10T01:00:00Z' }))).toEqual([
      ['2026-07-10T05:00', true],
      ['2026-07-10T05:00', true],
    ])
  })

  test('of something urgent does not wait, unless the team says so', async () => {
    const at = '2026-01-10T23:00:00Z'
    const urgent = { priority: 'urgent', at }
    expect(told(await preview({ ...LADDER, quiet: NIGHT }, urgent))[0]).toEqual(['2026-01-10T23:00', false])
    const strict = { ...LADDER, quiet: { ...NIGHT, urgent_breaks: false } }
    expect(told(await preview(strict, urgent))[0]).toEqual(['2026-01-11T06:00', true])
  })

  test('of the night in which the clocks change ends when the wall says so', async () => {
    const ladder = { ...LADDER, quiet: NIGHT }
    expect(told(await preview(ladder, { at: '2026-03-28T23:00:00Z' }))[0]).toEqual(['2026-03-29T05:00', true])
    expect(told(await preview(ladder, { at: '2026-10-24T22:00:00Z' }))[0]).toEqual(['2026-10-25T06:00', true])
  })

  test('without a ladder is of the one that is stored, or of the one that every team begins with', async () => {
    expect((await preview(null)).map(({ after_minutes }) => after_minutes)).toEqual([0, 10, 30])
    await call(db, people.admin, 'set_ladder', { team_id: people.team.id, ladder: LADDER })
    expect((await preview(null)).map(({ after_minutes }) => after_minutes)).toEqual([0, 15])
  })
})

const minute = fc.integer({ min: 0, max: 24 * 60 - 1 })
const clock = (of: number) =>
  `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`
const quiet = fc
  .tuple(
    minute,
    minute,
    fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
    fc.boolean(),
  )
  .filter(([from, to]) => from !== to)
  .map(([from, to, time_zone, urgent_breaks]) => ({
    from: clock(from),
    to: clock(to),
    time_zone,
    urgent_breaks,
  }))
const moments = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
})

/** The minute of the day on that wall. */
function wallMinute(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  const [hour = 0, minutes = 0] = parts.split(':').map(Number)
  return hour * 60 + minutes
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

function isQuiet(at: Date, hours: typeof NIGHT): boolean {
  const now = wallMinute(at, hours.time_zone)
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)]
  return from < to ? now >= from && now < to : now >= from || now < to
}

test('nobody is ever told in the quiet hours, too early, out of order, or later than needed', async () => {
  const property = fc.asyncProperty(
    quiet,
    moments,
    fc.constantFrom<Priority>('low', 'normal', 'high', 'urgent'),
    fc.uniqueArray(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 5 }),
    async (hours, since, priority, minutes) => {
      const levels = minutes
        .sort((one, other) => one - other)
        .map((after_minutes) => ({ ...LADDER.levels[0]!, after_minutes }))
      const steps = await preview({ ...LADDER, levels, quiet: hours }, { priority, at: since.toISOString() })
      let before = 0
      for (const { at, after_minutes, delayed } of steps) {
        const due = since.getTime() + after_minutes * 60_000
        const moment = new Date(at)
        const breaks = priority === 'urgent' && hours.urgent_breaks
        expect(delayed).toBe(moment.getTime() > due)
        expect(moment.getTime()).toBeGreaterThanOrEqual(Math.max(due, before))
        if (breaks) expect(moment.getTime()).toBe(due)
        else expect(isQuiet(moment, hours)).toBe(false)
        if (delayed) expect(isQuiet(new Date(due), hours)).toBe(true)
        expect(moment.getTime() - due).toBeLessThanOrEqual(25 * 3_600_000)
        before = moment.getTime()
      }
    },
  )
  await fc.assert(property, { numRuns: 150, seed: 11 })
})

const level = (more: Partial<LadderLevel>): LadderLevel => ({ ...LADDER.levels[0]!, ...more })

test.each([
  ['ladder', { ...LADDER, more: 1 }],
  ['levels', { ...LADDER, levels: [] }],
  ['levels', { ...LADDER, levels: Array.from({ length: 11 }, (_, at) => level({ after_minutes: at })) }],
  ['levels[0]', { ...LADDER, levels: [{ ...level({}), sound: true }] }],
  ['levels[0].after_minutes', { ...LADDER, levels: [level({ after_minutes: -1 })] }],
  ['levels[0].after_minutes', { ...LADDER, levels: [level({ after_minutes: 1.5 })] }],
  [
    'levels[1].after_minutes',
    { ...LADDER, levels: [level({ after_minutes: 5 }), level({ after_minutes: 5 })] },
  ],
  ['levels[0].roles', { ...LADDER, levels: [level({ roles: ['boss' as never] })] }],
  ['levels[0].roles', { ...LADDER, levels: [level({ roles: [] })] }],
  ['levels[0].people', { ...LADDER, levels: [level({ people: ['11111111-1111-4111-8111-111111111111'] })] }],
  ['levels[0].by', { ...LADDER, levels: [level({ by: [] })] }],
  ['quiet.from', { ...LADDER, quiet: { ...NIGHT, from: '24:00' } }],
  ['quiet.to', { ...LADDER, quiet: { ...NIGHT, to: '7' } }],
  ['quiet.to', { ...LADDER, quiet: { ...NIGHT, to: NIGHT.from } }],
  ['quiet.time_zone', { ...LADDER, quiet: { ...NIGHT, time_zone: 'Berlin' } }],
  ['quiet.time_zone', { ...LADDER, quiet: { ...NIGHT, time_zone: 'Europe/Nowhere' } }],
  ['quiet.urgent_breaks', { ...LADDER, quiet: { ...NIGHT, urgent_breaks: 'yes' } }],
  ['remind_after_minutes', { ...LADDER, remind_after_minutes: 20 }],
  ['lapse_after_minutes', { ...LADDER, lapse_after_minutes: 0 }],
  ['question_after_minutes', { ...LADDER, question_after_minutes: 'soon' }],
] as [string, Ladder][])('%s that cannot be is refused', async (field, ladder) => {
  const error = await call<never>(db, people.owner, 'set_ladder', { team_id: people.team.id, ladder }).catch(
    (reason) => reason,
  )
  expect(error.code).toBe('BT004')
  expect(JSON.parse(error.detail)).toEqual({ field })
})

test('quiet hours and unanswered questions may be left out', async () => {
  const bare = { ...LADDER, quiet: null, question_after_minutes: null }
  expect(await call(db, people.owner, 'set_ladder', { team_id: people.team.id, ladder: bare })).toEqual(bare)
})
