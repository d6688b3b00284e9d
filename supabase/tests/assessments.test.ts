import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Assessment, ClaimedAssessment, Escalation } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { claimIt, escalate, look, resolve, type Staff, staff } from './desk.ts'
import { type Arguments, call, service } from './people.ts'
import { createChat, eventsOf } from './work.ts'

let db: Database
let people: Staff
let e: Escalation
beforeAll(async () => {
  db = await createDatabase()
  people = await staff(db)
})
beforeEach(async () => {
  await db.sql`update assessments set state = 'done', lease_expires_at = null, ended_at = now() where state in ('pending', 'running')`
  e = await people.stuck()
})
afterAll(() => db[Symbol.asyncDispose]())

const FINDINGS = {
  likely_cause: 'The file is missing.',
  confidence: 'high',
  evidence: ['It was not found.'],
  steps: [{ title: 'Make it', prompt: 'Make the file.' }],
}
const take = (escalation_id: string | null = e.id) =>
  call<ClaimedAssessment | null>(db, service, 'claim_assessment', { escalation_id, worker: 'worker' })
const write = (name: string, { token }: ClaimedAssessment, more: Arguments = {}) =>
  call<string>(db, service, `${name}_assessment`, { escalation_id: e.id, token, ...more })
const assessment = async () => (await look(db, people.senior, e.id)).assessment
const expire = () =>
  db.sql`update assessments set lease_expires_at = now() - interval '1 second' where state = 'running'`

test('it fills in as the model writes, for everyone who looks, and ends whole', async () => {
  const claim = (await take())!
  expect(claim.snapshot.problem).toBe(e.reason)
  await write('write', claim, {
    findings: { likely_cause: 'The file', confidence: null, evidence: [], steps: [] },
  })
  expect(await assessment()).toMatchObject({ state: 'running', likely_cause: 'The file', confidence: null })
  await write('finish', claim, {
    findings: FINDINGS,
    model: 'claude',
    usage: { input_tokens: 5 },
    cost_usd: 0.01,
  })
  expect(await assessment()).toMatchObject({ ...FINDINGS, state: 'done', model: 'claude', cost_usd: 0.01 })
  expect((await look(db, people.senior, e.id)).escalation.assessment).toEqual({
    state: 'done',
    confidence: 'high',
  })
  const told = (await eventsOf(db, `team:${people.team.id}`))
    .filter(({ kind, payload }) => kind === 'assessment.changed' && payload.escalation_id === e.id)
    .map(({ payload }) => (payload as Assessment).likely_cause)
  expect(told).toEqual([null, 'The file', 'The file is missing.'])
})

test('one worker has it at a time, and one whose lease ran out has changed nothing', async () => {
  const [one, other] = await Promise.all([take(), take()])
  const first = (one ?? other)!
  expect([one, other]).toContain(null)
  expect(await take()).toBeNull()
  await expire()
  const second = (await take(null))!
  expect(second.token).toBe(first.token + 1)
  for (const [name, more] of [
    ['write', { findings: FINDINGS }],
    ['finish', { findings: FINDINGS }],
    ['fail', { error: {} }],
  ] as const) {
    await expect(write(name, first, more)).rejects.toMatchObject({ code: 'BT061' })
  }
  expect(await assessment()).toMatchObject({ state: 'running', likely_cause: null, attempts: 2 })
})

test('a sign of life keeps the lease, and says nothing to anybody', async () => {
  const claim = (await take())!
  const before = (await eventsOf(db, `team:${people.team.id}`)).length
  await db.sql`update assessments set lease_expires_at = now() + interval '1 second' where state = 'running'`
  await write('write', claim, { findings: null })
  expect((await eventsOf(db, `team:${people.team.id}`)).length).toBe(before)
  expect(
    await db.sql`select from assessments where state = 'running' and lease_expires_at > now() + interval '20 seconds'`,
  ).toHaveLength(1)
})

describe('a fault', () => {
  test('that passes is tried again later, three times in all', async () => {
    for (const outcome of ['pending', 'pending', 'failed']) {
      const claim = (await take())!
      expect(
        await write('fail', claim, { error: { message: 'Busy.' }, retry_at: new Date().toISOString() }),
      ).toBe(outcome)
    }
    expect(await assessment()).toMatchObject({ state: 'failed', error: { message: 'Busy.' }, attempts: 3 })
    expect(await take()).toBeNull()
  })

  test('that stays is shown, and anyone of the team has it tried again', async () => {
    await write('fail', (await take())!, { error: { message: 'No model.' } })
    expect(await assessment()).toMatchObject({ state: 'failed', error: { message: 'No model.' } })
    const again = await call<Assessment>(db, people.junior, 'retry_assessment', { escalation_id: e.id })
    expect(again).toMatchObject({ state: 'pending', error: null, attempts: 0 })
    await write('finish', (await take())!, { findings: FINDINGS })
    expect(await call(db, people.junior, 'retry_assessment', { escalation_id: e.id })).toMatchObject({
      state: 'done',
    })
  })

  test('of its workers ends it after three of them', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await take()).not.toBeNull()
      await expire()
    }
    expect(await take()).toBeNull()
    expect(await assessment()).toMatchObject({ state: 'failed', error: { type: 'worker_died' } })
  })
})

test('one that says nothing is not taken for an assessment', async () => {
  const claim = (await take())!
  await expect(write('finish', claim, { findings: { steps: [] } })).rejects.toMatchObject({ code: 'BT004' })
  await expect(
    write('finish', claim, { findings: { ...FINDINGS, confidence: 'very' } }),
  ).rejects.toMatchObject({ code: 'BT004' })
})

test('texts of a model that does not stop are bounded', async () => {
  const many = { title: 'x'.repeat(500), prompt: 'y'.repeat(5_000) }
  await write('finish', (await take())!, {
    findings: {
      ...FINDINGS,
      likely_cause: 'z'.repeat(9_000),
      evidence: Array(50).fill('e'.repeat(900)),
      steps: Array(50).fill(many),
    },
  })
  const { likely_cause, evidence, steps } = await assessment()
  expect([likely_cause!.length, evidence.length, evidence[0]!.length, steps.length]).toEqual([
    1_000, 8, 400, 5,
  ])
  expect([steps[0]!.title.length, steps[0]!.prompt.length]).toEqual([80, 1_000])
})

test('a claim does not wait for it, and it goes on after the claim and after the end', async () => {
  const claim = (await take())!
  await claimIt(db, people.senior, e.id)
  await resolve(db, people.senior, e.id, { assessment_was_right: false })
  await write('finish', claim, { findings: FINDINGS })
  expect((await look(db, people.senior, e.id)).escalation).toMatchObject({
    state: 'resolved',
    assessment_was_right: false,
    assessment: { state: 'done' },
  })
})

test('it is given what was resolved before in the team and sounds alike, the closest first', async () => {
  const past = async (reason: string, note: string) => {
    const chat = await createChat(db, people.junior, people.project.id)
    const { id } = await escalate(db, people.junior, chat.id, { reason })
    await claimIt(db, people.senior, id)
    await resolve(db, people.senior, id, { note, cause: 'Missing context' })
  }
  await past('The payments page does not load.', 'The key was missing.')
  await past(
    'Importing the spreadsheet fails with a date error.',
    'Dates of the spreadsheet are text; parse them.',
  )
  await past('The spreadsheet has the wrong columns.', 'Asked for another one.')
  const chat = await createChat(db, people.junior, people.project.id)
  e = await escalate(db, people.junior, chat.id, {
    reason: 'Importing a spreadsheet: dates are wrong, an error each time',
  })
  const { assessment } = (await take())!
  expect(assessment.similar.map(({ reason }) => reason)).toEqual([
    'Importing the spreadsheet fails with a date error.',
    'The spreadsheet has the wrong columns.',
  ])
  expect(assessment.similar[0]).toMatchObject({
    cause: 'Missing context',
    closing_note: 'Dates of the spreadsheet are text; parse them.',
    closed_by_name: 'Sena',
  })
})
