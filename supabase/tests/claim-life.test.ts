import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Desk, Escalation, Ladder } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { claimIt, escalate, LADDER, look, resolve, type Staff, staff } from './desk.ts'
import { type Arguments, call, join, type Person, service, signUp } from './people.ts'
import { createChat, eventsOf, save, send } from './work.ts'

let db: Database
let people: Staff
beforeAll(async () => {
  db = await createDatabase()
  await call(db, service, 'set_setting', { key: 'app_url', value: 'https://app.test' })
})
beforeEach(async () => {
  people = await staff(db)
})
afterAll(() => db[Symbol.asyncDispose]())

const minutes = (count: number) => new Date(Date.now() + count * 60_000)
/** As if the tick came so many minutes later. */
const sweep = (after: number) =>
  db.sql`select baton.append_events((baton.sweep_escalations(${minutes(after)})).events)`
const kinds = async (e: Escalation) => (await look(db, people.owner, e.id)).history.map(({ kind }) => kind)
const bells = (person: Person) => db.sql`
  select kind, title, link, read_at is not null as read from notifications
  where user_id = ${person.sub} and kind like 'escalation.%' order by created_at desc`
const at = (self: Person, name: string, e: Escalation, more: Arguments = {}) =>
  call(db, self, name, { escalation_id: e.id, ...more })
const desk = (self: Person) => call<Desk>(db, self, 'desk_snapshot', { team_id: people.team.id })
const setLadder = (more: Partial<Ladder>) =>
  call(db, people.owner, 'set_ladder', { team_id: people.team.id, ladder: { ...LADDER, ...more } })

/** As if the holder last did something that long ago. */
const backdate = (e: Escalation, by: number) => db.sql`
  update escalations set touched_at = touched_at - make_interval(mins => ${by}),
    reminds_at = reminds_at - make_interval(mins => ${by}), lapses_at = lapses_at - make_interval(mins => ${by})
  where id = ${e.id}`

/** What somebody else wrote is undone. */
async function restoreAnOldOne(): Promise<void> {
  const project_id = people.project.id
  const { checkpoint } = await call<{ checkpoint: { id: string } }>(db, people.junior, 'import_files', {
    project_id,
    files: [{ path: 'imported.txt', content: 'One' }],
  })
  await save(db, people.junior, project_id, 'later.txt', 'Two')
  await call(db, people.senior, 'restore_checkpoint', { checkpoint_id: checkpoint.id })
}

describe('a holder who goes silent', () => {
  test('is reminded, once, and then the claim lapses and everyone is told', async () => {
    const e = await people.stuck()
    await claimIt(db, people.senior, e.id)
    await sweep(9)
    expect(await kinds(e)).not.toContain('reminded')
    await sweep(11)
    await sweep(12)
    expect((await kinds(e)).filter((kind) => kind === 'reminded')).toHaveLength(1)
    expect((await bells(people.senior))[0]).toMatchObject({
      kind: 'escalation.reminder',
      link: `/escalations/${e.id}`,
    })

    await sweep(21)
    const { escalation, history } = await look(db, people.owner, e.id)
    expect(escalation).toMatchObject({ state: 'open', claimed_by: null, lapses: 1, lapses_at: null })
    expect(history.find(({ kind }) => kind === 'lapsed')).toMatchObject({
      user_id: null,
      data: { from_id: people.senior.sub, from_name: 'Sena' },
    })
    for (const person of [people.senior, people.second, people.junior]) {
      expect((await bells(person))[0]!.kind).toBe('escalation.lapsed')
    }
    expect(await db.sql`select ending from claims where escalation_id = ${e.id}`).toEqual([
      { ending: 'lapsed' },
    ])
    expect(await claimIt(db, people.second, e.id)).toMatchObject({ claims: 2 })
  })

  test.each([
    ['a message in the chat', (e: Escalation) => send(db, people.senior, e.chat_id, 'Try this.')],
    ['a file of the project', () => save(db, people.senior, people.project.id, 'a.txt', 'Hello')],
    ['a checkpoint that is restored', restoreAnOldOne],
    ['a sign of life', (e: Escalation) => at(people.senior, 'touch_escalation', e)],
  ])('is not silent with %s', async (_, act) => {
    const e = await people.stuck()
    await claimIt(db, people.senior, e.id)
    await backdate(e, 15)
    await act(e)
    await sweep(6)
    const { escalation } = await look(db, people.owner, e.id)
    expect(escalation).toMatchObject({ state: 'claimed', reminded_at: null })
    const events = await eventsOf(db, `team:${people.team.id}`)
    expect(events.at(-1)).toMatchObject({ kind: 'escalation.touched', payload: { id: e.id } })
  })

  test('is not kept by what others do', async () => {
    const e = await people.stuck()
    await claimIt(db, people.senior, e.id)
    await backdate(e, 15)
    await send(db, people.junior, e.chat_id, 'Hello?')
    await at(people.second, 'touch_escalation', e)
    await sweep(6)
    expect((await look(db, people.owner, e.id)).escalation.state).toBe('open')
  })

  test('lapses at once when they leave the team, or may not hold it any more', async () => {
    const [first, second] = [await people.stuck(), await people.stuck()]
    await claimIt(db, people.senior, first.id)
    await claimIt(db, people.second, second.id)
    await call(db, people.owner, 'remove_member', { team_id: people.team.id, user_id: people.senior.sub })
    await call(db, people.owner, 'set_member_role', {
      team_id: people.team.id,
      user_id: people.second.sub,
      role: 'member',
    })
    await sweep(0)
    for (const { id } of [first, second]) {
      expect((await look(db, people.owner, id)).escalation.state).toBe('open')
    }
  })
})

describe('the ladder', () => {
  test('is climbed while nobody claims, each level once, and stops at the claim', async () => {
    await setLadder({})
    const e = await people.stuck()
    expect(e).toMatchObject({ level: 1 })
    expect((await bells(people.senior))[0]).toMatchObject({
      kind: 'escalation.raised',
      title: 'Jun needs help',
    })
    expect(await bells(people.admin)).toEqual([])
    await sweep(14)
    expect(await bells(people.admin)).toEqual([])
    await sweep(16)
    await sweep(17)
    expect(await bells(people.admin)).toMatchObject([
      { kind: 'escalation.ladder', title: 'Nobody has taken this yet' },
    ])
    const mails =
      await db.sql`select to_address, text_body, html_body from mails where text_body like ${`%${e.id}%`}`
    expect(mails.map(({ to_address }) => to_address).sort()).toEqual(
      [people.admin.email, people.owner.email].sort(),
    )
    expect(mails[0]!.text_body).toContain(`https://app.test/escalations/${e.id}`)
    expect(mails[0]!.html_body).toContain(`href="https://app.test/escalations/${e.id}"`)

    const other = await people.stuck()
    await claimIt(db, people.senior, other.id)
    await sweep(18)
    expect((await look(db, people.owner, other.id)).escalation).toMatchObject({ next_level_at: null })
  })

  test('tells several levels whose time has come together, and nobody in the quiet hours', async () => {
    const now = new Date()
    const clock = (hours: number) =>
      `${String((now.getUTCHours() + hours + 24) % 24).padStart(2, '0')}:${String(now.getUTCMinutes()).padStart(2, '0')}`
    await setLadder({ quiet: { from: clock(-1), to: clock(1), time_zone: 'UTC', urgent_breaks: true } })
    const e = await people.stuck()
    expect(e).toMatchObject({ level: 0 })
    expect(await bells(people.senior)).toEqual([])
    expect(new Date(e.next_level_at!).getTime()).toBeGreaterThan(minutes(55).getTime())
    await sweep(80)
    expect((await look(db, people.owner, e.id)).escalation).toMatchObject({ level: 2, next_level_at: null })
    expect((await bells(people.senior))[0]!.kind).toBe('escalation.ladder')

    const chat = await createChat(db, people.junior, people.project.id)
    expect(await escalate(db, people.junior, chat.id, { priority: 'urgent' })).toMatchObject({ level: 1 })
  })

  test('is climbed anew when the claim is released', async () => {
    await setLadder({})
    const e = await people.stuck()
    await claimIt(db, people.senior, e.id)
    await at(people.senior, 'release_escalation', e)
    expect((await bells(people.second))[0]).toMatchObject({ kind: 'escalation.released', read: false })
    await sweep(16)
    expect((await bells(people.admin))[0]!.kind).toBe('escalation.ladder')
  })
})

describe('a bell', () => {
  test('is silent again once somebody has it, for those who did not look', async () => {
    const e = await people.stuck()
    expect((await bells(people.second))[0]).toMatchObject({ read: false })
    await claimIt(db, people.senior, e.id)
    expect((await bells(people.second))[0]).toMatchObject({ read: true })
    expect((await bells(people.junior))[0]).toMatchObject({
      kind: 'escalation.claimed',
      title: 'Sena has taken it over',
    })
  })

  test('tells the junior how it ended, and what to do', async () => {
    const returned = await people.stuck()
    await claimIt(db, people.senior, returned.id)
    await at(people.senior, 'return_escalation', returned, { note: 'Use a list.' })
    expect((await bells(people.junior))[0]).toMatchObject({
      kind: 'escalation.returned',
      title: 'Sena has handed it back to you',
    })
    const resolved = await people.stuck()
    await claimIt(db, people.senior, resolved.id)
    await resolve(db, people.senior, resolved.id, { note: 'Done.' })
    expect((await bells(people.junior))[0]).toMatchObject({ kind: 'escalation.resolved' })
  })
})

describe('the dot of a person', () => {
  test('is there for everyone but the one who raised it, until they open it or claim it', async () => {
    const e = await people.stuck()
    expect((await desk(people.senior)).mine[e.id]).toBeUndefined()
    expect((await desk(people.junior)).mine[e.id]!.read_at! > e.news_at).toBe(true)
    await at(people.senior, 'open_escalation', e)
    expect((await desk(people.senior)).mine[e.id]!.read_at! > e.news_at).toBe(true)
    expect((await desk(people.second)).mine[e.id]).toBeUndefined()
    await claimIt(db, people.second, e.id)
    expect((await desk(people.second)).mine[e.id]!.read_at! > e.news_at).toBe(true)
  })

  test('goes in all of their browsers, and comes back when it is open again', async () => {
    const e = await people.stuck()
    await at(people.senior, 'read_escalation', e)
    await at(people.senior, 'read_escalation', e)
    const read = (await eventsOf(db, `user:${people.senior.sub}`)).filter(
      ({ kind }) => kind === 'escalation.read',
    )
    expect(read).toMatchObject([{ payload: { id: e.id } }])
    await claimIt(db, people.second, e.id)
    await sweep(21)
    const { mine, escalations } = await desk(people.senior)
    expect(escalations.find(({ id }) => id === e.id)!.news_at > mine[e.id]!.read_at!).toBe(true)
  })
})

describe('whoever looks', () => {
  test('is seen by the team, until they leave or are not heard of', async () => {
    const e = await people.stuck()
    await at(people.senior, 'look_at_escalation', e)
    await at(people.senior, 'look_at_escalation', e)
    await at(people.second, 'open_escalation', e)
    expect((await desk(people.owner)).lookers[e.id]).toMatchObject([
      { display_name: 'Sena' },
      { display_name: 'Sam' },
    ])
    await at(people.senior, 'leave_escalation', e)
    const looked = (await eventsOf(db, `team:${people.team.id}`)).filter(
      ({ kind }) => kind === 'escalation.looked',
    )
    expect(looked.map(({ payload }) => [payload.display_name, payload.until !== null])).toEqual([
      ['Sena', true],
      ['Sam', true],
      ['Sena', false],
    ])
    await sweep(3)
    expect((await desk(people.owner)).lookers).toEqual({})
  })
})

describe('suggested steps', () => {
  test('are put away by the first message of whoever they are for, and for that person alone', async () => {
    const e = await people.stuck()
    await claimIt(db, people.senior, e.id)
    await send(db, people.second, e.chat_id, 'Me too.')
    await send(db, people.senior, e.chat_id, 'Try this.')
    await send(db, people.senior, e.chat_id, 'And this.')
    expect((await look(db, people.senior, e.id)).mine.dismissed_at).not.toBeNull()
    expect((await look(db, people.second, e.id)).mine.dismissed_at).toBeNull()
    const told = (await eventsOf(db, `user:${people.senior.sub}`)).filter(
      ({ kind }) => kind === 'escalation.dismissed',
    )
    expect(told).toHaveLength(1)

    await at(people.senior, 'return_escalation', e, { note: 'Go on.' })
    expect((await look(db, people.junior, e.id)).mine.dismissed_at).toBeNull()
    await at(people.junior, 'dismiss_steps', e)
    expect((await look(db, people.junior, e.id)).mine.dismissed_at).not.toBeNull()
  })
})

test('the desk has what is alive and what ended last, the rest is read page by page', async () => {
  const alive = await people.stuck()
  for (let number = 0; number < 3; number++) {
    const e = await people.stuck()
    await claimIt(db, people.senior, e.id)
    await resolve(db, people.senior, e.id, { note: `Answer ${number}: 100% of it`, cause: 'Missing context' })
  }
  const { escalations, role } = await desk(people.junior)
  expect([escalations[0]!.id, escalations.length, role]).toEqual([alive.id, 4, 'member'])
  const page = (more: Arguments) =>
    call<{ escalations: Escalation[]; next: string | null }>(db, people.junior, 'read_escalations', {
      team_id: people.team.id,
      ...more,
    })
  const first = await page({ max_rows: 2 })
  expect(first.escalations.map(({ closing_note }) => closing_note!.slice(0, 8))).toEqual([
    'Answer 2',
    'Answer 1',
  ])
  const rest = await page({ max_rows: 2, before: first.next })
  expect([rest.escalations.length, rest.next]).toEqual([1, null])
  expect((await page({ search: '2: 100% o' })).escalations).toHaveLength(1)
  expect((await page({ search: '2: 100_ o' })).escalations).toHaveLength(0)
  expect((await page({ states: ['returned'] })).escalations).toHaveLength(0)
})

test('whoever joined later sees the desk as it is', async () => {
  const e = await people.stuck()
  const late = await signUp(db, 'Late')
  await join(db, people.owner, people.team.id, late, 'senior')
  expect((await desk(late)).escalations.map(({ id }) => id)).toEqual([e.id])
})
