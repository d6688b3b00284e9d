/**
 * Claims at the same moment. `npm run bench -- escalations` and `CLAIM_ROUNDS=10000` play many more rounds of the first.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClaimConflict, Escalation } from '../functions/_shared/protocol.ts'
import { type Crowd, gather, outcomes, seededRandom, someoneWaits } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { claimIt, escalate, LADDER, look, resolve, type Staff, staff } from './desk.ts'
import { call, join, type Person, signUp } from './people.ts'
import { claim, createChat, eventsOf, send } from './work.ts'

let db: Database
let crowd: Crowd
let people: Staff
/** Fifty seniors of another team, of whom nobody is told anything but by the claim. */
let hall: Staff
const seniors: Person[] = []
beforeAll(async () => {
  db = await createDatabase()
  crowd = await gather(db, 50)
  people = await staff(db)
  hall = await staff(db)
  for (let number = 0; number < 50; number++) {
    const person = await signUp(db, `Senior ${number}`)
    await join(db, hall.owner, hall.team.id, person, 'senior')
    seniors.push(person)
  }
  const quiet = { ...LADDER, levels: [{ after_minutes: 60, roles: ['owner'], people: [], by: ['bell'] }] }
  await call(db, hall.owner, 'set_ladder', { team_id: hall.team.id, ladder: quiet })
}, 60_000)
afterAll(async () => {
  await crowd[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

const ROUNDS = Number(process.env.CLAIM_ROUNDS ?? 10)

test(`50 people claim one escalation, ${ROUNDS} times: one wins, and 49 are told who`, {
  timeout: 60_000 + ROUNDS * 1_000,
}, async () => {
  const e = await hall.stuck()
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await Promise.allSettled(seniors.map((person) => claimIt(crowd, person, e.id)))
    const won = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    expect(won).toHaveLength(1)
    const { claimed_by, claimed_by_name, claimed_at } = won[0]!
    const conflicts = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
    for (const { code, detail } of conflicts) {
      expect(code).toBe('PT409')
      const told: ClaimConflict = JSON.parse(detail)
      expect(told).toEqual({
        claimed_by_id: claimed_by,
        claimed_by_name,
        claimed_at,
        state: 'claimed',
      })
    }
    expect(await openClaims(e.id)).toEqual([claimed_by])
    await call(db, hall.owner, 'release_escalation', { escalation_id: e.id })
  }
})

async function openClaims(escalation: string): Promise<string[]> {
  const rows = await db.sql`
    select user_id from claims where escalation_id = ${escalation} and ended_at is null`
  return rows.map(({ user_id }) => user_id)
}

describe('a claim, and at the same instant', () => {
  const rivals = ['cancel_escalation', 'reassign_escalation'] as const
  test.each(rivals)('%s by an admin: one order or the other, never a mixture', async (rival) => {
    for (let round = 0; round < 8; round++) {
      const e = await people.stuck()
      const [claiming, other] = await Promise.allSettled([
        claimIt(crowd, people.senior, e.id),
        call<Escalation>(crowd, people.admin, rival, {
          escalation_id: e.id,
          ...(rival === 'reassign_escalation' ? { user_id: people.second.sub } : {}),
        }),
      ])
      expect(other.status).toBe('fulfilled')
      const { escalation } = await look(db, people.owner, e.id)
      expect(escalation.state).toBe(rival === 'cancel_escalation' ? 'cancelled' : 'claimed')
      if (claiming.status === 'rejected') expect(claiming.reason.code).toBe('PT409')
      if (rival === 'reassign_escalation') expect(escalation.claimed_by).toBe(people.second.sub)
      await expectWhole(e.id)
    }
  })

  test('a release by the holder: it is claimed anew, or refused with the holder of then', async () => {
    for (let round = 0; round < 8; round++) {
      const e = await people.stuck()
      await claimIt(db, people.senior, e.id)
      const [claiming] = await Promise.allSettled([
        claimIt(crowd, people.second, e.id),
        call(crowd, people.senior, 'release_escalation', { escalation_id: e.id }),
      ])
      const { escalation } = await look(db, people.owner, e.id)
      if (claiming.status === 'fulfilled') {
        expect(escalation).toMatchObject({ state: 'claimed', claimed_by: people.second.sub, claims: 2 })
      } else {
        expect(JSON.parse(claiming.reason.detail)).toMatchObject({ claimed_by_id: people.senior.sub })
        expect(escalation.state).toBe('open')
      }
      await expectWhole(e.id)
    }
  })

  test('a lapse: it is claimed anew, or refused with the holder who went silent', async () => {
    for (let round = 0; round < 8; round++) {
      const e = await people.stuck()
      await claimIt(db, people.senior, e.id)
      await goSilent(e.id)
      const [claiming] = await Promise.allSettled([
        claimIt(crowd, people.second, e.id),
        db.sql`select baton.append_events((baton.sweep_escalations()).events)`,
      ])
      await db.sql`select baton.append_events((baton.sweep_escalations()).events)`
      const { escalation } = await look(db, people.owner, e.id)
      expect(escalation.lapses).toBe(1)
      expect(escalation.state).toBe(claiming.status === 'fulfilled' ? 'claimed' : 'open')
      await expectWhole(e.id)
    }
  })

  test('a resolution by the holder: the claim is refused', async () => {
    const e = await people.stuck()
    await claimIt(db, people.senior, e.id)
    const results = await outcomes([
      claimIt(crowd, people.second, e.id),
      resolve(crowd, people.senior, e.id, { note: 'Done.' }),
    ])
    expect(results).toEqual({ ok: 1, PT409: 1 })
  })
})

/** As if the holder had not been heard of for that long. */
async function goSilent(escalation: string) {
  await db.sql`
    update escalations set lapses_at = now() - interval '1 second', reminds_at = null where id = ${escalation}`
}

/** What the rows say of one escalation fits together, and its history tells how it came so. */
async function expectWhole(escalation: string) {
  const [row] = await db.sql`
    select e.state, e.claimed_by, e.claims::int as claims,
      (select count(*)::int from claims c where c.escalation_id = e.id) as rows,
      (select count(*)::int from claims c where c.escalation_id = e.id and c.ended_at is null) as open,
      (select count(*)::int from escalation_events h where h.escalation_id = e.id and h.kind in ('claimed', 'reassigned')) as told
    from escalations e where e.id = ${escalation}`
  expect(row).toMatchObject({ rows: row!.claims, open: row!.state === 'claimed' ? 1 : 0, told: row!.claims })
}

test('whoever was killed while they claimed holds nothing', async () => {
  const e = await people.stuck()
  await crowd
    .as(people.senior, async (sql) => {
      await sql.unsafe('select public.claim_escalation($1)', [e.id])
      await sql.unsafe('select pg_terminate_backend(pg_backend_pid())')
    })
    .catch(() => {})
  expect(await openClaims(e.id)).toEqual([])
  expect(await claimIt(db, people.second, e.id)).toMatchObject({ claimed_by: people.second.sub, claims: 1 })
})

test('whoever waits for a claim that is taken back gets it', async () => {
  const e = await people.stuck()
  class TakenBack extends Error {}
  let claiming: Promise<Escalation> | undefined
  await crowd
    .as(people.senior, async (sql) => {
      await sql.unsafe('select public.claim_escalation($1)', [e.id])
      claiming = claimIt(crowd, people.second, e.id)
      await someoneWaits(db)
      throw new TakenBack()
    })
    .catch((error) => expect(error).toBeInstanceOf(TakenBack))
  expect(await claiming).toMatchObject({ claimed_by: people.second.sub })
})

function gate() {
  let open = () => {}
  const opened = new Promise<void>((settle) => {
    open = settle
  })
  return { open: () => open(), opened }
}

test('whoever lost is in nobody’s way, even before their refusal is committed', async () => {
  const e = await people.stuck()
  const refused = gate()
  const released = gate()
  const lose = () =>
    crowd.as(people.second, async (sql) => {
      await sql`select set_config('request.method', 'POST', true)`
      const [row] = await sql`select public.claim_escalation(${e.id}) as answer`
      expect(row!.answer).toMatchObject({ code: 'PT409', claimed_by_id: people.senior.sub })
      refused.open()
      await released.opened
    })
  let losing = Promise.resolve()
  await crowd.as(people.senior, async (sql) => {
    await sql.unsafe('select public.claim_escalation($1)', [e.id])
    losing = lose()
    await someoneWaits(db)
  })
  await refused.opened
  await call(crowd, people.senior, 'release_escalation', { escalation_id: e.id }).finally(released.open)
  await losing
  const { history } = await look(db, people.owner, e.id)
  expect(history.map(({ kind }) => kind).filter((kind) => kind !== 'levelled')).toEqual([
    'raised',
    'claimed',
    'refused',
    'released',
  ])
  const told = await eventsOf(db, `user:${people.second.sub}`)
  expect(told.at(-1)).toMatchObject({
    kind: 'escalation.refused',
    payload: { id: e.id, reason: e.reason, state: 'claimed', claimed_by_id: people.senior.sub },
  })
})

test('an agent and a person who raise at the same moment raise one', async () => {
  for (let round = 0; round < 8; round++) {
    const chat = await createChat(db, people.junior, people.project.id)
    const { run_id } = await send(db, people.junior, chat.id)
    const worker = await claim(db, run_id)
    const turn = await worker.openTurn()
    const toolCall = await worker.call(turn, 0)
    const effect = { kind: 'escalate', reason: 'I have no way on.' }
    const write = call(crowd, { role: 'service_role' }, 'finish_tool_call', {
      ...worker.lease,
      tool_call_id: toolCall,
      result: 'Called.',
      effects: [effect],
    })
    await Promise.all([
      write,
      escalate(crowd, people.junior, chat.id),
      escalate(crowd, people.bystander, chat.id),
    ])
    const rows = await db.sql`select source from escalations where chat_id = ${chat.id}`
    expect(rows).toHaveLength(1)
  }
})

test('everything at once, by everyone, in any order, ends whole and without a deadlock', {
  timeout: 60_000,
}, async () => {
  const random = seededRandom(7)
  const one = <T>(list: readonly T[]): T => list[random(list.length)]!
  const chats = await Promise.all(
    Array.from({ length: 4 }, () => createChat(db, people.junior, people.project.id)),
  )
  const staffed = [people.owner, people.admin, people.senior, people.second, people.junior]
  const acts = [
    (self: Person, chat: string) => escalate(crowd, self, chat),
    (self: Person, chat: string) => send(crowd, self, chat, 'Try it so.'),
    (self: Person, _: string, e: string) => claimIt(crowd, self, e),
    (self: Person, _: string, e: string) => call(crowd, self, 'release_escalation', { escalation_id: e }),
    (self: Person, _: string, e: string) => resolve(crowd, self, e, { note: 'Done.' }),
    (self: Person, _: string, e: string) =>
      call(crowd, self, 'return_escalation', { escalation_id: e, note: 'Go on.' }),
    (self: Person, _: string, e: string) => call(crowd, self, 'cancel_escalation', { escalation_id: e }),
    (self: Person, _: string, e: string) => call(crowd, self, 'open_escalation', { escalation_id: e }),
    (self: Person, _: string, e: string) =>
      call(crowd, self, 'reassign_escalation', { escalation_id: e, user_id: people.second.sub }),
    (self: Person) => call(crowd, self, 'read_all_notifications', {}),
    () => db.sql`select public.tick()`,
  ]
  const allowed = new Set(['ok', 'BT002', 'BT004', 'BT060', 'PT409', 'BT011'])
  for (let round = 0; round < 6; round++) {
    const escalations = await Promise.all(
      chats.map(async ({ id }) => (await escalate(db, people.junior, id)).id),
    )
    const results = await outcomes(
      Array.from({ length: 40 }, async () => {
        const place = random(chats.length)
        await one(acts)(one(staffed), chats[place]!.id, escalations[place]!)
      }),
    )
    expect(Object.keys(results).filter((outcome) => !allowed.has(outcome))).toEqual([])
    for (const id of escalations) await expectWhole(id)
  }
})
