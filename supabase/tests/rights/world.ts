/** Two teams that know nothing of each other, with somebody in every place that rights distinguish. */
import { randomUUID } from 'node:crypto'
import { type Actor, createDatabase, type Database } from '../database.ts'
import { anonymous, call, createTeam, invite, join, type Person, service, signUp } from '../people.ts'
import type { ActorName } from './declared.ts'

export type World = {
  db: Database
  actors: Record<ActorName, Actor>
  /** Their own ids, for those who have one. */
  ids: Record<ActorName, string | null>
  /** Has no part in any test but to be read about, changed or removed. */
  guest: Person
  ours: string
  theirs: string
  invitation: string
  token: string
}

export async function createWorld(): Promise<World> {
  const db = await createDatabase()
  await call(db, service, 'set_setting', { key: 'app_url', value: 'http://app.test' })
  const owner = await signUp(db, 'Owner')
  const admin = await signUp(db, 'Admin')
  const senior = await signUp(db, 'Senior')
  const member = await signUp(db, 'Member')
  const guest = await signUp(db, 'Guest')
  const stranger = await signUp(db, 'Stranger')
  const ours = (await createTeam(db, owner, 'Ours')).id
  const theirs = (await createTeam(db, stranger, 'Theirs')).id
  await join(db, owner, ours, admin, 'admin')
  await join(db, owner, ours, senior, 'senior')
  await join(db, owner, ours, member, 'member')
  await join(db, owner, ours, guest, 'member')
  await invite(db, stranger, theirs, 'friend@people.test', 'member')
  const { invitation, token } = await invite(db, owner, ours, 'newcomer@people.test', 'member')

  const people = { stranger, member, senior, admin, owner }
  return {
    db,
    actors: { anonymous, service, ...people },
    ids: {
      anonymous: null,
      service: null,
      stranger: stranger.sub,
      member: member.sub,
      senior: senior.sub,
      admin: admin.sub,
      owner: owner.sub,
    },
    guest,
    ours,
    theirs,
    invitation: invitation.id,
    token,
  }
}

export const unknownId = randomUUID()
