import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventPage, TeamSnapshot, UserSnapshot } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, createTeam, join, type Person, setRole, signUp } from './people.ts'

let db: Database
let owner: Person
let admin: Person
let member: Person
let teamId: string

beforeAll(async () => {
  db = await createDatabase()
  owner = await signUp(db, 'Owner')
  admin = await signUp(db, 'Admin')
  member = await signUp(db, 'Member')
  teamId = (await createTeam(db, owner, 'Rockets')).id
  await join(db, owner, teamId, admin, 'admin')
  await join(db, owner, teamId, member, 'member')
})
afterAll(() => db[Symbol.asyncDispose]())

const teamOf = (person: Person, id = teamId) =>
  call<TeamSnapshot>(db, person, 'team_snapshot', { team_id: id })
const homeOf = (person: Person) => call<UserSnapshot>(db, person, 'user_snapshot')
const remove = (by: Person, person: Person, team_id = teamId) =>
  call(db, by, 'remove_member', { team_id, user_id: person.sub })
const leave = (person: Person, team_id = teamId) => call(db, person, 'leave_team', { team_id })

async function lastEvent(reader: Person, topic: string) {
  const { events } = await call<EventPage>(db, reader, 'read_events', {
    topic,
    after_seq: 0,
    max_events: 1000,
  })
  const { kind, payload } = events.at(-1)!
  return { kind, payload }
}

describe('a team', () => {
  test('is owned by the person who creates it', async () => {
    const { id, name } = await createTeam(db, owner, '  Comets  ')
    expect(name).toBe('Comets')
    expect((await teamOf(owner, id)).members).toMatchObject([{ user_id: owner.sub, role: 'owner' }])
    expect((await homeOf(owner)).memberships).toContainEqual(
      expect.objectContaining({ team_id: id, team_name: 'Comets', role: 'owner' }),
    )
  })

  test.for([
    ['nothing', null],
    ['an empty name', '   '],
    ['a name of other spaces', '\u00a0\u3000\u200b'],
    ['a name of 81 characters', 'x'.repeat(81)],
    ['a line break', 'a\nb'],
    ['a control character', 'a\u0007b'],
    ['a mark that turns the direction of writing', 'a\u202eb'],
  ] as const)('is not called %s', async ([, name]) => {
    await expect(createTeam(db, owner, name as string)).rejects.toMatchObject({ code: 'BT004' })
  })

  test.for(['x'.repeat(80), 'Ünï çødé', '火箭', '🚀👩‍🚀', "O'Brien & <Sons>"])(
    'may be called %s',
    async (name) => {
      expect((await createTeam(db, owner, name)).name).toBe(name)
    },
  )

  test('is renamed for all of its people, and nothing happens when the name is the same', async () => {
    const { id } = await createTeam(db, owner, 'Old')
    await join(db, owner, id, member, 'member')
    await call(db, owner, 'rename_team', { team_id: id, name: 'New' })
    expect(await lastEvent(member, `team:${id}`)).toEqual({ kind: 'team.renamed', payload: { name: 'New' } })
    expect(await lastEvent(member, `user:${member.sub}`)).toEqual({
      kind: 'membership.renamed',
      payload: { team_id: id, team_name: 'New' },
    })
    const { seq } = await teamOf(owner, id)
    await call(db, owner, 'rename_team', { team_id: id, name: ' New ' })
    expect((await teamOf(owner, id)).seq).toBe(seq)
  })
})

describe('a role', () => {
  test('changes for everyone who looks', async () => {
    await setRole(db, admin, teamId, member, 'senior')
    expect(await lastEvent(owner, `team:${teamId}`)).toEqual({
      kind: 'member.role_changed',
      payload: { user_id: member.sub, role: 'senior' },
    })
    expect(await lastEvent(member, `user:${member.sub}`)).toEqual({
      kind: 'membership.role_changed',
      payload: { team_id: teamId, role: 'senior' },
    })
  })

  test('that is the same already is no event', async () => {
    await setRole(db, admin, teamId, member, 'senior')
    const { seq } = await teamOf(owner)
    await setRole(db, admin, teamId, member, 'senior')
    expect((await teamOf(owner)).seq).toBe(seq)
  })

  test('of an owner is given and taken by owners alone', async () => {
    await expect(setRole(db, admin, teamId, member, 'owner')).rejects.toMatchObject({ code: 'BT002' })
    await expect(setRole(db, admin, teamId, owner, 'admin')).rejects.toMatchObject({ code: 'BT002' })
    await expect(remove(admin, owner)).rejects.toMatchObject({ code: 'BT002' })
    await setRole(db, owner, teamId, admin, 'owner')
    await setRole(db, owner, teamId, admin, 'admin')
    expect((await teamOf(owner)).members.find(({ user_id }) => user_id === admin.sub)?.role).toBe('admin')
  })

  test('of someone who is not in the team does not exist', async () => {
    const other = await signUp(db, 'Other')
    await expect(setRole(db, owner, teamId, other, 'member')).rejects.toMatchObject({ code: 'BT003' })
  })
})

describe('the last owner', () => {
  test('can neither leave, nor be demoted, nor be removed', async () => {
    await expect(leave(owner)).rejects.toMatchObject({ code: 'BT005' })
    await expect(setRole(db, owner, teamId, owner, 'admin')).rejects.toMatchObject({ code: 'BT005' })
    await expect(remove(owner, owner)).rejects.toMatchObject({ code: 'BT005' })
    expect((await teamOf(owner)).members.find(({ user_id }) => user_id === owner.sub)?.role).toBe('owner')
  })

  test('can go when someone else owns the team too', async () => {
    const { id } = await createTeam(db, owner, 'Relay')
    await join(db, owner, id, member, 'owner')
    await leave(owner, id)
    expect((await teamOf(member, id)).members.map(({ user_id }) => user_id)).toEqual([member.sub])
  })
})

describe('a person who is removed', () => {
  test('hears of it on their own topic, and no longer reads the team', async () => {
    const { id } = await createTeam(db, owner, 'Short')
    await join(db, owner, id, member, 'member')
    await remove(owner, member, id)
    expect(await lastEvent(member, `user:${member.sub}`)).toEqual({
      kind: 'membership.removed',
      payload: { team_id: id, team_name: 'Short', by: owner.sub },
    })
    expect(await lastEvent(owner, `team:${id}`)).toEqual({
      kind: 'member.removed',
      payload: { user_id: member.sub, by: owner.sub },
    })
    await expect(teamOf(member, id)).rejects.toMatchObject({ code: 'BT003' })
    const topic = `team:${id}`
    await expect(call(db, member, 'read_events', { topic, after_seq: 0 })).rejects.toMatchObject({
      code: 'BT003',
    })
    await expect(remove(owner, member, id)).rejects.toMatchObject({ code: 'BT003' })
  })

  test('left on their own when nobody else did it', async () => {
    const { id } = await createTeam(db, owner, 'Free')
    await join(db, owner, id, member, 'admin')
    await leave(member, id)
    expect(await lastEvent(member, `user:${member.sub}`)).toMatchObject({ payload: { by: null } })
    await join(db, owner, id, member, 'admin')
    await remove(member, member, id)
    expect(await lastEvent(owner, `team:${id}`)).toMatchObject({ payload: { user_id: member.sub, by: null } })
  })
})
