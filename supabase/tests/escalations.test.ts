import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Escalation } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { claimIt, escalate, look, resolve, type Staff, staff } from './desk.ts'
import { type Arguments, call, type Person, signUp } from './people.ts'
import { createChat } from './work.ts'

let db: Database
let people: Staff
beforeAll(async () => {
  db = await createDatabase()
  people = await staff(db)
})
afterAll(() => db[Symbol.asyncDispose]())

const refusal = (code: string, detail: object = {}) =>
  expect.objectContaining({ code, ...(Object.keys(detail).length > 0 ? { detail: expect.anything() } : {}) })

describe('who raises', () => {
  test('gets one that is open, and the same again while it is', async () => {
    const chat = await createChat(db, people.junior, people.project.id)
    const first = await escalate(db, people.junior, chat.id, { priority: 'high', note: 'See line 3.' })
    expect(first).toMatchObject({
      state: 'open',
      source: 'person',
      priority: 'high',
      reason: 'It goes round in circles.',
      note: 'See line 3.',
      raised_by: people.junior.sub,
      for_user_name: 'Jun',
      claimed_by: null,
      assessment: { state: 'pending', confidence: null },
    })
    const again = await escalate(db, people.senior, chat.id, { reason: 'Something else' })
    expect(again.id).toBe(first.id)
    const { history } = await look(db, people.junior, first.id)
    expect(history.map(({ kind }) => kind)).toEqual(['raised', 'levelled'])
  })

  test.each([
    [{ reason: ' ' }, 'BT004', 'reason'],
    [{ reason: 'a'.repeat(301) }, 'BT004', 'reason'],
    [{ priority: 'whenever' }, 'BT004', 'priority'],
    [{ note: 'a'.repeat(10_001) }, 'BT025', 'note'],
  ])('is told what cannot be raised: %o', async (args: Arguments, code, field) => {
    const chat = await createChat(db, people.junior, people.project.id)
    const raising = escalate(db, people.junior, chat.id, args)
    await expect(raising).rejects.toMatchObject({ code })
    const { detail } = await raising.catch((error) => error)
    expect(JSON.parse(detail)).toMatchObject({ field })
  })
})

type Move = { name: string; args: (e: Escalation) => Arguments }
const MOVES: Move[] = [
  { name: 'claim_escalation', args: () => ({}) },
  { name: 'release_escalation', args: () => ({}) },
  { name: 'reassign_escalation', args: () => ({ user_id: people.second.sub }) },
  { name: 'return_escalation', args: () => ({ note: 'Try this.' }) },
  { name: 'resolve_escalation', args: () => ({ note: 'Done.', cause: 'Wrong approach' }) },
  { name: 'cancel_escalation', args: () => ({}) },
  { name: 'judge_assessment', args: () => ({ was_right: true }) },
]
const STATES = ['open', 'claimed', 'resolved', 'returned', 'cancelled'] as const
const ACTORS = ['owner', 'admin', 'senior', 'second', 'junior', 'bystander', 'stranger'] as const

/** What each may do, in the order of ACTORS: the holder is `senior`, and `junior` is who raised it. */
// biome-ignore format: columns are easier to read below each other
const ALLOWED: Record<string, Record<(typeof STATES)[number], string>> = {
  //                                owner    admin    senior   second   junior   bystander stranger
  claim_escalation: {
    open:      'claimed claimed claimed claimed BT002 BT002 BT003',
    claimed:   'PT409 PT409 claimed PT409 BT002 BT002 BT003',
    resolved:  'PT409 PT409 PT409 PT409 BT002 BT002 BT003',
    returned:  'PT409 PT409 PT409 PT409 BT002 BT002 BT003',
    cancelled: 'PT409 PT409 PT409 PT409 BT002 BT002 BT003',
  },
  release_escalation: {
    open:      'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    claimed:   'open open open BT002 BT002 BT002 BT003',
    resolved:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    returned:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    cancelled: 'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
  },
  reassign_escalation: {
    open:      'claimed claimed BT002 BT002 BT002 BT002 BT003',
    claimed:   'claimed claimed claimed BT002 BT002 BT002 BT003',
    resolved:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    returned:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    cancelled: 'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
  },
  return_escalation: {
    open:      'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    claimed:   'returned returned returned BT002 BT002 BT002 BT003',
    resolved:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    returned:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    cancelled: 'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
  },
  resolve_escalation: {
    open:      'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    claimed:   'resolved resolved resolved BT002 BT002 BT002 BT003',
    resolved:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    returned:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    cancelled: 'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
  },
  cancel_escalation: {
    open:      'cancelled cancelled cancelled cancelled cancelled BT002 BT003',
    claimed:   'cancelled cancelled cancelled BT002 cancelled BT002 BT003',
    resolved:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    returned:  'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    cancelled: 'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
  },
  judge_assessment: {
    open:      'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    claimed:   'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
    resolved:  'resolved resolved resolved resolved BT002 BT002 BT003',
    returned:  'returned returned returned returned BT002 BT002 BT003',
    cancelled: 'BT060 BT060 BT060 BT060 BT060 BT060 BT003',
  },
}

async function inState(state: (typeof STATES)[number]): Promise<Escalation> {
  const e = await people.stuck()
  if (state !== 'open') await claimIt(db, people.senior, e.id)
  if (state === 'resolved') await resolve(db, people.senior, e.id)
  if (state === 'returned') {
    await call(db, people.senior, 'return_escalation', { escalation_id: e.id, note: 'Go on.' })
  }
  if (state === 'cancelled') await call(db, people.senior, 'cancel_escalation', { escalation_id: e.id })
  return e
}

describe.each(MOVES)('$name', ({ name, args }) => {
  test.each(STATES)('on one that is %s, by everyone', async (state) => {
    const stranger = await signUp(db, 'Stranger')
    const escalation = await inState(state)
    const outcomes: string[] = []
    for (const actor of ACTORS) {
      const person = actor === 'stranger' ? stranger : people[actor]
      outcomes.push(await attempt(person, name, { escalation_id: escalation.id, ...args(escalation) }))
    }
    expect(outcomes.join(' ')).toBe(ALLOWED[name]![state])
  })
})

class TakeBack extends Error {}

/** What it would do; it is taken back. */
async function attempt(person: Person, name: string, args: Arguments): Promise<string> {
  let outcome = ''
  await db
    .as(person, async (sql) => {
      const named = Object.keys(args).map((key, index) => `"${key}" => $${index + 1}`)
      const [row] = await sql.unsafe(
        `select public.${name}(${named.join(', ')}) as result`,
        Object.values(args) as never[],
      )
      outcome = row!.result.state
      throw new TakeBack()
    })
    .catch((error) => {
      if (!(error instanceof TakeBack)) outcome = error.code ?? String(error)
    })
  return outcome
}

test('a refused claim says who has it, and since when', async () => {
  const e = await people.stuck()
  const { claimed_at } = await claimIt(db, people.senior, e.id)
  const error = await claimIt(db, people.second, e.id).catch((reason) => reason)
  expect(error).toEqual(refusal('PT409', {}))
  expect(JSON.parse(error.detail)).toEqual({
    claimed_by_id: people.senior.sub,
    claimed_by_name: 'Sena',
    claimed_at,
    state: 'claimed',
  })
})
