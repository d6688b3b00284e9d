/**
 * Twelve people do whatever comes to their minds to three teams, all at once, while others look. Whatever happened, the
 * snapshot of a moment and the events after it add up to the snapshot of any later moment, for the folds that the browser
 * uses; and nothing that happens is anything but done or refused: no deadlock, no broken constraint.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyUserEvent, type UserState } from '../../src/session/user-events.ts'
import { applyTeamChange } from '../../src/teams/team-changes.ts'
import {
  type EventPage,
  type Invitation,
  type NewInvitation,
  ROLES,
  type TeamSnapshot,
  type Topic,
  type UserSnapshot,
} from '../functions/_shared/protocol.ts'
import { type Crowd, gather, outcomes, seededRandom } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { call, createTeam, invite, join, type Person, service, setRole, signUp } from './people.ts'
import { createProject, notify } from './work.ts'

const PEOPLE = 12
const STEPS = 40
const seed = Number(process.env.FOLD_SEED ?? Date.now() % 1_000_000)
const random = seededRandom(seed)
const pick = <T>(list: readonly T[]): T => list[random(list.length)]!

let db: Database
let crowd: Crowd
let people: Person[]
let teams: string[]
const projects: string[] = []
const links: { token: string; email: string; invitation: Invitation }[] = []

beforeAll(async () => {
  db = await createDatabase()
  crowd = await gather(db, PEOPLE + 2)
  people = await Promise.all(Array.from({ length: PEOPLE }, (_, index) => signUp(db, `Person ${index}`)))
  const founders = people.slice(0, 3)
  teams = await Promise.all(
    founders.map(async (founder, index) => (await createTeam(db, founder, `Team ${index}`)).id),
  )
  for (const [index, team] of teams.entries()) {
    await join(db, founders[index]!, team, people[3 + index]!, 'owner')
    await join(db, founders[index]!, team, people[6 + index]!, 'admin')
  }
})
afterAll(async () => {
  await crowd[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

/** Half of them are not allowed, which must do no harm either. */
const DEEDS: ((self: Person) => Promise<unknown>)[] = [
  (self) => call(crowd, self, 'rename_team', { team_id: pick(teams), name: `Team ${random(1000)}` }),
  (self) => call(crowd, self, 'update_profile', { display_name: `Person ${random(1000)}` }),
  (self) => call(crowd, self, 'update_profile', { theme: pick(['light', 'dark']) }),
  (self) => setRole(crowd, self, pick(teams), pick(people), pick(ROLES)),
  (self) => call(crowd, self, 'remove_member', { team_id: pick(teams), user_id: pick(people).sub }),
  (self) => call(crowd, self, 'leave_team', { team_id: pick(teams) }),
  (self) => inviteSomebody(self),
  (self) => inviteSomebody(self),
  (self) => acceptSomething(self),
  (self) => acceptSomething(self),
  (self) => call(crowd, self, 'revoke_invitation', { invitation_id: pick(links)?.invitation.id ?? self.sub }),
  async (self) => {
    const email = `moved${random(1_000_000)}@people.test`
    await db.sql`update auth.users set email = ${email} where id = ${self.sub}`
    self.email = email
  },
  (self) => notify(db, self, pick(teams), pick([null, 'one', 'other'])),
  (self) => notify(db, self, pick(teams), pick([null, 'one', 'other'])),
  async (self) => {
    const { notifications } = await userNow(self)
    await call(crowd, self, 'read_notifications', { ids: notifications.slice(0, 2).map(({ id }) => id) })
  },
  (self) => call(crowd, self, 'read_all_notifications', { before: new Date() }),
  async (self) => {
    projects.push((await createProject(crowd, self, pick(teams), `Project ${random(1000)}`)).id)
  },
  (self) =>
    call(crowd, self, 'rename_project', {
      project_id: pick(projects) ?? self.sub,
      name: `Project ${random(9)}`,
    }),
  (self) =>
    call(crowd, self, 'archive_project', { project_id: pick(projects) ?? self.sub, archived: random(2) > 0 }),
  (self) => passBy(self),
  async () => {
    await db.sql`update invitations set expires_at = now() where id = ${pick(links)?.invitation.id ?? null}`
    await call(crowd, service, 'tick')
  },
]

async function inviteSomebody(self: Person) {
  const { email } = pick(people)
  const made: NewInvitation = await invite(crowd, self, pick(teams), email, pick(ROLES))
  links.push({ ...made, email })
}

/** Joins, does two things at once, and is gone. */
async function passBy(inviter: Person) {
  const guest = await signUp(db, 'Guest')
  const team = pick(teams)
  await join(crowd, inviter, team, guest, 'admin')
  const codes = await outcomes([
    invite(crowd, guest, team, 'friend@people.test', 'member'),
    call(crowd, guest, 'update_profile', { display_name: `Guest ${random(1000)}` }),
    db.sql`delete from auth.users where id = ${guest.sub}`.execute(),
  ])
  const strange = Object.keys(codes).find((code) => !isExpected(code))
  if (strange) throw new Error(strange)
}

const isExpected = (code: string) => code === 'ok' || /^BT\d{3}$/.test(code)

async function acceptSomething(self: Person) {
  const mine = links.filter(({ email }) => email === self.email)
  await call(crowd, self, 'accept_invitation', { token: pick(mine)?.token ?? 'none' })
}

test(`snapshots and events agree at every moment (FOLD_SEED=${seed})`, async () => {
  const teamsSeen: TeamSnapshot[] = await Promise.all(teams.map(teamNow))
  const usersSeen: UserSnapshot[] = await Promise.all(people.map(userNow))

  let isOver = false
  const look = async () => {
    while (!isOver) {
      teamsSeen.push(await teamNow(pick(teams)))
      usersSeen.push(await userNow(pick(people)))
    }
  }
  const live = async (self: Person) => {
    const counts: Record<string, number>[] = []
    for (let step = 0; step < STEPS; step++) counts.push(await outcomes([pick(DEEDS)(self)]))
    return counts
  }
  const looking = look()
  const codes = (await Promise.all(people.map(live))).flat().flatMap((counts) => Object.keys(counts))
  isOver = true
  await looking

  expect([...new Set(codes)].filter((code) => !isExpected(code))).toEqual([])
  expect(codes.filter((code) => code === 'ok').length).toBeGreaterThan(PEOPLE * 5)
  for (const seen of teamsSeen) await expectTeamToGrowFrom(seen)
  for (const seen of usersSeen) await expectUserToGrowFrom(seen)
})

async function expectTeamToGrowFrom(seen: TeamSnapshot) {
  const { events } = await eventsAfter(`team:${seen.team.id}`, seen.seq)
  const folded = events.reduce((team, event) => applyTeamChange(team, event), seen)
  const { seq, team, members, invitations, projects } = await teamNow(seen.team.id)
  expect({ ...folded, seq: seen.seq + events.length }).toEqual({ seq, team, members, invitations, projects })
}

async function expectUserToGrowFrom(seen: UserSnapshot) {
  const person = people.find(({ sub }) => sub === seen.profile.user_id)!
  const { events } = await eventsAfter(`user:${person.sub}`, seen.seq)
  const folded = events.reduce<UserState>((user, event) => applyUserEvent(user, event), {
    ...seen,
    departures: [],
  })
  const now = await userNow(person)
  const byTeam = (user: UserSnapshot) =>
    [...user.memberships].sort((a, b) => (a.team_id < b.team_id ? -1 : 1))
  expect(folded.profile).toEqual(now.profile)
  expect(byTeam(folded)).toEqual(byTeam(now))
  const { notifications, unread_notifications } = now
  expect(folded).toMatchObject({ notifications, unread_notifications })
  expect(seen.seq + events.length).toBe(now.seq)
}

/** As someone who is in the team at this moment, which the owner of the database can always find. */
async function teamNow(team_id: string): Promise<TeamSnapshot> {
  for (;;) {
    const [member] =
      await db.sql`select user_id from memberships where team_id = ${team_id} and role = 'owner' limit 1`
    const reader: Person = { role: 'authenticated', sub: member!.user_id, email: '' }
    try {
      return await call<TeamSnapshot>(crowd, reader, 'team_snapshot', { team_id })
    } catch (error) {
      if ((error as { code?: string }).code !== 'BT003') throw error
    }
  }
}

const userNow = (person: Person) => call<UserSnapshot>(crowd, person, 'user_snapshot')

async function eventsAfter(topic: Topic, after_seq: number): Promise<Pick<EventPage, 'events'>> {
  const rows = await db.sql<{ event: EventPage['events'][number] }[]>`
    select baton.event_json(e) as event from events e where topic = ${topic} and seq > ${after_seq} order by seq`
  return { events: rows.map(({ event }) => event) }
}
