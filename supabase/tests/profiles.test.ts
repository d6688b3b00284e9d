import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventPage, Profile, TeamSnapshot, UserSnapshot } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, createTeam, invite, join, type Person, signUp } from './people.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

const homeOf = (person: Person) => call<UserSnapshot>(db, person, 'user_snapshot')
const teamOf = (person: Person, team_id: string) =>
  call<TeamSnapshot>(db, person, 'team_snapshot', { team_id })
const eventsOf = async (reader: Person, topic: string) =>
  (await call<EventPage>(db, reader, 'read_events', { topic, after_seq: 0 })).events
const deleteAccount = (person: Person) => db.sql`delete from auth.users where id = ${person.sub}`

describe('a profile', () => {
  test('comes with the account, with the name that was given', async () => {
    const person = await signUp(db, '  Ada ')
    expect(await homeOf(person)).toEqual({
      seq: 0,
      profile: { user_id: person.sub, display_name: 'Ada', email: person.email, theme: 'system' },
      memberships: [],
      notifications: [],
      unread_notifications: 0,
    })
  })

  test.for([
    ['no name', {}, 'grace.hopper@people.test', 'grace.hopper'],
    ['an empty name', { display_name: ' ' }, 'empty@people.test', 'empty'],
    ['a name that cannot be used', { display_name: 'a\nb' }, 'bad@people.test', 'bad'],
    ['a name that is no text', { display_name: { a: 1 } }, 'object@people.test', '{"a": 1}'],
    ['a name that is too long', { display_name: 'x'.repeat(500) }, 'long@people.test', 'x'.repeat(80)],
    ['neither name nor address', {}, null, 'Someone'],
  ] as const)('never stops a sign-up: %s', async ([, data, email, name]) => {
    const [account] = await db.sql`
      insert into auth.users (id, email, raw_user_meta_data)
      values (gen_random_uuid(), ${email}, ${db.sql.json(data)}) returning id`
    const [profile] = await db.sql`select display_name, email from profiles where user_id = ${account!.id}`
    expect(profile).toEqual({ display_name: name, email: email ?? '' })
  })

  test('changes what is given and keeps the rest', async () => {
    const person = await signUp(db, 'Ada')
    const update = (values: object) => call<Profile>(db, person, 'update_profile', { ...values })
    expect(await update({ theme: 'dark' })).toMatchObject({ display_name: 'Ada', theme: 'dark' })
    expect(await update({ display_name: ' Lovelace ' })).toMatchObject({
      display_name: 'Lovelace',
      theme: 'dark',
    })
    await expect(update({ display_name: '' })).rejects.toMatchObject({ code: 'BT004' })
    await expect(update({ theme: 'neon' })).rejects.toMatchObject({ code: 'BT004' })
    await update({ display_name: 'Lovelace', theme: 'dark' })
    expect((await eventsOf(person, `user:${person.sub}`)).map(({ kind }) => kind)).toEqual([
      'profile.changed',
      'profile.changed',
    ])
  })

  test('that changes its name tells every team', async () => {
    const person = await signUp(db, 'Before')
    const teams = [await createTeam(db, person, 'One'), await createTeam(db, person, 'Two')]
    await call(db, person, 'update_profile', { display_name: 'After' })
    await call(db, person, 'update_profile', { theme: 'dark' })
    for (const { id } of teams) {
      expect((await eventsOf(person, `team:${id}`)).slice(1)).toMatchObject([
        {
          kind: 'member.renamed',
          payload: { user_id: person.sub, display_name: 'After', email: person.email },
        },
      ])
    }
  })

  test('follows the address of its account, and its teams hear of it', async () => {
    const person = await signUp(db, 'Mover')
    const { id } = await createTeam(db, person, 'Movers')
    await db.sql`update auth.users set email = 'moved@people.test' where id = ${person.sub}`
    expect((await homeOf(person)).profile.email).toBe('moved@people.test')
    expect((await teamOf(person, id)).members).toMatchObject([{ email: 'moved@people.test' }])
    expect((await eventsOf(person, `team:${id}`)).at(-1)).toMatchObject({
      kind: 'member.renamed',
      payload: { email: 'moved@people.test' },
    })
  })
})

describe('a deleted account', () => {
  test('is signed in no more, even while its token lives', async () => {
    const person = await signUp(db, 'Gone')
    await deleteAccount(person)
    await expect(homeOf(person)).rejects.toMatchObject({ code: 'BT001' })
    await expect(createTeam(db, person, 'Ghosts')).rejects.toMatchObject({ code: 'BT001' })
  })

  test('leaves its teams, and its invitations close, with events', async () => {
    const owner = await signUp(db, 'Owner')
    const admin = await signUp(db, 'Admin')
    const { id } = await createTeam(db, owner, 'Stay')
    await join(db, owner, id, admin, 'admin')
    const { invitation } = await invite(db, admin, id, 'late@people.test', 'member')
    await deleteAccount(admin)
    expect((await eventsOf(owner, `team:${id}`)).slice(-2)).toMatchObject([
      { kind: 'invitation.closed', payload: { id: invitation.id, outcome: 'revoked' } },
      { kind: 'member.removed', payload: { user_id: admin.sub, by: null } },
    ])
    expect(await teamOf(owner, id)).toMatchObject({ members: [{ user_id: owner.sub }], invitations: [] })
    expect(await db.sql`select from topics where topic = ${`user:${admin.sub}`}`).toHaveLength(0)
    expect(await db.sql`select from events where topic = ${`user:${admin.sub}`}`).toHaveLength(0)
  })

  test('takes the team along that nobody else could open', async () => {
    const person = await signUp(db, 'Hermit')
    const { id } = await createTeam(db, person, 'Cave')
    await invite(db, person, id, 'guest@people.test', 'member')
    await deleteAccount(person)
    expect(await db.sql`select from teams where id = ${id}`).toHaveLength(0)
    expect(await db.sql`select from events where topic = ${`team:${id}`}`).toHaveLength(0)
  })

  test('is refused while it is the last owner of a team that others are in', async () => {
    const owner = await signUp(db, 'Owner')
    const member = await signUp(db, 'Member')
    const { id } = await createTeam(db, owner, 'Crew')
    await join(db, owner, id, member, 'senior')
    await expect(deleteAccount(owner)).rejects.toMatchObject({ code: 'BT005' })
    await call(db, owner, 'set_member_role', { team_id: id, user_id: member.sub, role: 'owner' })
    await deleteAccount(owner)
    expect((await teamOf(member, id)).members).toMatchObject([{ user_id: member.sub, role: 'owner' }])
  })
})
