import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { UserSnapshot } from '../functions/_shared/protocol.ts'
import { gather } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { call, createTeam, join, type Person, service, signUp } from './people.ts'
import { eventsOf, notify } from './work.ts'

let db: Database
let owner: Person
let guest: Person
let team: string

beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  owner = await signUp(db, 'Owner')
  guest = await signUp(db, 'Guest')
  team = (await createTeam(db, owner, 'Team')).id
  await join(db, owner, team, guest, 'member')
})

const homeOf = (person: Person) => call<UserSnapshot>(db, person, 'user_snapshot')
const heardBy = async (person: Person) =>
  (await eventsOf(db, `user:${person.sub}`)).filter(({ kind }) => kind.startsWith('notification.'))
const age = (days: number) => db.sql`
  update notifications set created_at = created_at - make_interval(days => ${days}),
    read_at = read_at - make_interval(days => ${days}) where user_id = ${guest.sub}`
async function tickNow() {
  await db.sql`update baton.chores set due_at = now() where name = 'forget_notifications'`
  await call(db, service, 'tick')
}

test('a notification is in the snapshot of its person, and in nobody else’s', async () => {
  await notify(db, guest, team)
  const { notifications, unread_notifications } = await homeOf(guest)
  expect(notifications).toMatchObject([{ kind: 'news', title: 'News', team_id: team, read_at: null }])
  expect(unread_notifications).toBe(1)
  expect((await homeOf(owner)).notifications).toEqual([])
})

test('nobody is told of a team that they are not in', async () => {
  const stranger = await signUp(db, 'Stranger')
  await notify(db, stranger, team)
  expect((await homeOf(stranger)).notifications).toEqual([])
  expect(await heardBy(stranger)).toEqual([])
})

test('an unread notification of the same group gives way, and is counted once', async () => {
  await notify(db, guest, team, 'chat', 'First')
  await notify(db, guest, team, null, 'Between')
  await notify(db, guest, team, 'chat', 'Second')
  const { notifications, unread_notifications } = await homeOf(guest)
  expect(notifications.map(({ title }) => title)).toEqual(['Second', 'Between'])
  expect(unread_notifications).toBe(2)
  expect((await heardBy(guest)).map(({ payload }) => payload.again)).toEqual([undefined, undefined, true])
})

test('one that was read stays when its group is told again', async () => {
  await notify(db, guest, team, 'chat', 'First')
  await call(db, guest, 'read_all_notifications')
  await notify(db, guest, team, 'chat', 'Second')
  const { notifications, unread_notifications } = await homeOf(guest)
  expect(notifications.map(({ title }) => title)).toEqual(['Second', 'First'])
  expect(unread_notifications).toBe(1)
})

test('long texts are shortened', async () => {
  await notify(db, guest, team, null, 'a'.repeat(500))
  expect((await homeOf(guest)).notifications[0]!.title).toBe(`${'a'.repeat(199)}…`)
})

describe('reading', () => {
  test('is told once, with those that were unread', async () => {
    await notify(db, guest, team)
    const { id } = (await homeOf(guest)).notifications[0]!
    await call(db, guest, 'read_notifications', { ids: [id] })
    await call(db, guest, 'read_notifications', { ids: [id] })
    expect(await heardBy(guest)).toMatchObject([
      { kind: 'notification.added' },
      { kind: 'notification.read', payload: { ids: [id] } },
    ])
    expect(await homeOf(guest)).toMatchObject({ unread_notifications: 0 })
  })

  test('all ends with the newest that was seen', async () => {
    await notify(db, guest, team, null, 'Seen')
    const { created_at } = (await homeOf(guest)).notifications[0]!
    await notify(db, guest, team, null, 'New')
    await call(db, guest, 'read_all_notifications', { before: created_at })
    const { notifications } = await homeOf(guest)
    expect(notifications.filter(({ read_at }) => !read_at).map(({ title }) => title)).toEqual(['New'])
  })

  test('what is somebody else’s changes nothing', async () => {
    await notify(db, guest, team)
    const { id } = (await homeOf(guest)).notifications[0]!
    await call(db, owner, 'read_notifications', { ids: [id] })
    expect(await homeOf(guest)).toMatchObject({ unread_notifications: 1 })
  })
})

test('who leaves a team keeps nothing that was told about it', async () => {
  await notify(db, guest, team)
  await call(db, guest, 'leave_team', { team_id: team })
  expect(await homeOf(guest)).toMatchObject({ notifications: [], unread_notifications: 0 })
  expect((await heardBy(guest)).at(-1)!.kind).toBe('notification.read')
})

test('what was read goes after 30 days, and what was never read is read after 90', async () => {
  await notify(db, guest, team)
  await age(60)
  await tickNow()
  expect(await homeOf(guest)).toMatchObject({ unread_notifications: 1 })
  await age(31)
  await tickNow()
  expect(await homeOf(guest)).toMatchObject({ notifications: [{}], unread_notifications: 0 })
  await age(31)
  await tickNow()
  expect(await homeOf(guest)).toMatchObject({ notifications: [] })
})

test('a group that is told by many at once is one notification, whoever reads or leaves meanwhile', async () => {
  await using crowd = await gather(db, 12)
  const deeds = Array.from({ length: 12 }, (_, index) =>
    index === 11
      ? call(crowd, guest, 'leave_team', { team_id: team })
      : index % 4 === 3
        ? call(crowd, guest, 'read_all_notifications')
        : notify(crowd, guest, team, 'chat'),
  )
  expect((await Promise.allSettled(deeds)).filter(({ status }) => status === 'rejected')).toEqual([])
  expect(await homeOf(guest)).toMatchObject({ notifications: [], unread_notifications: 0 })
  const heard = await heardBy(guest)
  const added = heard.filter(({ kind, payload }) => kind === 'notification.added' && !payload.again).length
  const read = heard
    .filter(({ kind }) => kind === 'notification.read')
    .flatMap(({ payload }) => payload.ids as string[]).length
  expect(read).toBe(added)
})
