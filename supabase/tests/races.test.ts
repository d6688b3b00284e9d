import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClaimedMail, EventPage, NewInvitation, TeamSnapshot } from '../functions/_shared/protocol.ts'
import { type Crowd, gather, outcomes, someoneWaits } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { call, callWithin, createTeam, invite, join, service, setRole, signUp } from './people.ts'

let db: Database
let crowd: Crowd
beforeAll(async () => {
  db = await createDatabase()
  crowd = await gather(db, 50)
})
afterAll(async () => {
  await crowd[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))

describe('at the same moment', () => {
  test('50 who accept one invitation are one member', async () => {
    const owner = await signUp(db, 'Owner')
    const person = await signUp(db, 'Newcomer')
    const { id } = await createTeam(db, owner, 'Door')
    const { token } = await invite(db, owner, id, person.email, 'member')
    const results = await outcomes(times(50, () => call(crowd, person, 'accept_invitation', { token })))
    expect(results).toEqual({ ok: 1, BT007: 49 })
    expect(await db.sql`select from memberships where team_id = ${id}`).toHaveLength(2)
    const { seq } = await call<TeamSnapshot>(db, owner, 'team_snapshot', { team_id: id })
    expect(seq).toBe(4)
  })

  test('50 invitations for one address leave one open', async () => {
    const owner = await signUp(db, 'Owner')
    const { id } = await createTeam(db, owner, 'Mailers')
    const results = await outcomes(times(50, () => invite(crowd, owner, id, 'one@people.test', 'member')))
    expect(results).toEqual({ ok: 50 })
    expect(await db.sql`select from invitations where team_id = ${id} and outcome is null`).toHaveLength(1)
  })

  test('an invitation is accepted or withdrawn, never both', async () => {
    const owner = await signUp(db, 'Owner')
    const { id } = await createTeam(db, owner, 'Either')
    for (let round = 0; round < 10; round++) {
      const person = await signUp(db, 'Newcomer')
      const { token, invitation }: NewInvitation = await invite(db, owner, id, person.email, 'member')
      const accepting = outcomes([call(crowd, person, 'accept_invitation', { token })])
      await call(crowd, owner, 'revoke_invitation', { invitation_id: invitation.id })
      const isIn = (await db.sql`select from memberships where user_id = ${person.sub}`).length === 1
      const [row] = await db.sql`select outcome from invitations where id = ${invitation.id}`
      expect(row).toEqual({ outcome: isIn ? 'accepted' : 'revoked' })
      expect(await accepting).toEqual(isIn ? { ok: 1 } : { BT007: 1 })
    }
  })

  test('owners who demote, remove and leave each other always leave one', async () => {
    const first = await signUp(db, 'First')
    const second = await signUp(db, 'Second')
    for (let round = 0; round < 10; round++) {
      const { id } = await createTeam(db, first, `Throne ${round}`)
      await join(db, first, id, second, 'owner')
      await outcomes([
        setRole(crowd, first, id, second, 'member'),
        setRole(crowd, second, id, first, 'member'),
        call(crowd, first, 'leave_team', { team_id: id }),
        call(crowd, second, 'leave_team', { team_id: id }),
        call(crowd, first, 'remove_member', { team_id: id, user_id: second.sub }),
        call(crowd, second, 'remove_member', { team_id: id, user_id: first.sub }),
      ])
      expect(await db.sql`select from memberships where team_id = ${id} and role = 'owner'`).toHaveLength(1)
    }
  })

  test('two owners who delete their accounts do not orphan the rest', async () => {
    const first = await signUp(db, 'First')
    const second = await signUp(db, 'Second')
    const rest = await signUp(db, 'Rest')
    const { id } = await createTeam(db, first, 'Heirs')
    await join(db, first, id, second, 'owner')
    await join(db, first, id, rest, 'member')
    const removal = await db.sql.begin(async (sql) => {
      await sql`delete from auth.users where id = ${first.sub}`
      const other = outcomes([db.sql`delete from auth.users where id = ${second.sub}`.execute()])
      await someoneWaits(db)
      return { other }
    })
    expect(await removal.other).toEqual({ BT005: 1 })
    expect(await db.sql`select from memberships where team_id = ${id} and role = 'owner'`).toHaveLength(1)
  })

  test('an account is deleted while its person changes, and neither stops the other', async () => {
    const person = await signUp(db, 'Person')
    const { id } = await createTeam(db, person, 'Alone')
    const removal = await db.sql.begin(async (sql) => {
      await sql`select from profiles where user_id = ${person.sub} for no key update`
      const removing = outcomes([db.sql`delete from auth.users where id = ${person.sub}`.execute()])
      await someoneWaits(db)
      await sql`select public.append_event(${`team:${id}`}, 'member.renamed', '{}')`
      return { removing }
    })
    expect(await removal.removing).toEqual({ ok: 1 })
  })

  test('who renames themselves while joining has the new name in the team', async () => {
    const owner = await signUp(db, 'Owner')
    const { id } = await createTeam(db, owner, 'Names')
    for (let round = 0; round < 10; round++) {
      const person = await signUp(db, 'Old')
      const { token } = await invite(db, owner, id, person.email, 'member')
      await Promise.all([
        call(crowd, person, 'accept_invitation', { token }),
        call(crowd, person, 'update_profile', { display_name: 'New' }),
      ])
      const { events } = await call<EventPage>(db, owner, 'read_events', {
        topic: `team:${id}`,
        after_seq: 0,
      })
      const names = events.flatMap(({ kind, payload }) =>
        (kind === 'member.joined' || kind === 'member.renamed') && payload.user_id === person.sub
          ? [payload.display_name]
          : [],
      )
      expect(names.at(-1)).toBe('New')
    }
  })
})

describe('the log', () => {
  test('has no gap and no double while 16 write and a third of them give up', async () => {
    const topic = `team:${randomUUID()}`
    let committed = 0
    const write = async (writer: number) => {
      for (let round = 0; round < 25; round++) {
        const givesUp = (writer + round) % 3 === 0
        await crowd
          .as(service, async (sql) => {
            await callWithin(sql, 'append_event', { topic, kind: 'test.written', payload: { writer, round } })
            if (givesUp) throw new Error('gave up')
            committed++
          })
          .catch((error: Error) => expect(error.message).toBe('gave up'))
      }
    }
    const writers = Promise.all(times(16, write))
    const seen = await followUntil(topic, writers)
    expect(seen).toEqual(times(committed, (index) => index + 1))
    expect(await db.sql`select seq::int from topics where topic = ${topic}`).toEqual([{ seq: committed }])
  })

  /** A reader that only ever asks for what comes after the last it saw: what it misses once, it misses for good. */
  async function followUntil(topic: string, done: Promise<unknown>): Promise<number[]> {
    let isDone = false
    void done.finally(() => {
      isDone = true
    })
    const seen: number[] = []
    const readMore = async () => {
      const rows = await db.sql<{ seq: number }[]>`
        select seq::int from events where topic = ${topic} and seq > ${seen.at(-1) ?? 0} order by seq`
      seen.push(...rows.map(({ seq }) => seq))
    }
    while (!isDone) await readMore()
    await done
    await readMore()
    return seen
  }

  test('takes topics in one order, however they are given', async () => {
    const topics = times(6, () => `team:${randomUUID()}`)
    const append = (writer: number) => {
      const shuffled = topics.map(
        (_, index) => topics[(index * (writer % 2 ? 5 : 1) + writer) % topics.length]!,
      )
      return db.sql`
        select baton.append_events(array(
          select baton.event(topic, 'test.written', '{}') from unnest(${shuffled}::text[]) topic
        ))`.execute()
    }
    expect(await outcomes(times(200, append))).toEqual({ ok: 200 })
  })
})

describe('the outbox', () => {
  const claim = (lease_seconds = 60) =>
    call<ClaimedMail | null>(crowd, service, 'claim_mail', { worker: 'racer', lease_seconds })

  test('gives each mail to one of 10 senders', async () => {
    await db.sql`select baton.queue_mail('reader' || n || '@people.test', 'Hello', 'text', 'html') from generate_series(1, 40) n`
    const sent: string[] = []
    const send = async () => {
      for (let mail = await claim(); mail; mail = await claim()) {
        sent.push(mail.to_address)
        expect(await call(crowd, service, 'finish_mail', { mail_id: mail.id, token: mail.token })).toBe(true)
      }
    }
    await Promise.all(times(10, send))
    expect(sent).toHaveLength(40)
    expect(new Set(sent)).toHaveLength(40)
  })
})

test('a tick leaves when another one is at work', async () => {
  await db.sql.begin(async (sql) => {
    expect((await sql`select public.tick() as result`)[0]).toMatchObject({ result: { busy: false } })
    expect(await call(crowd, service, 'tick')).toEqual({ busy: true })
  })
  expect(await call(crowd, service, 'tick')).toMatchObject({ busy: false })
})
