/** What a browser gets when it claims: whoever comes second gets status 409 with who was first, and it stays on record. */
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBatonError } from '../../src/errors.ts'
import type { Escalation, EscalationMetrics, Role, Team } from '../../supabase/functions/_shared/protocol.ts'
import { createPerson, createTeam, type Person } from '../testing/person.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

type Member = Person & { api: SupabaseClient }
let gateway: TestGateway
let team: Team
let owner: Member
let senior: Member
let second: Member
let junior: Member
beforeAll(async () => {
  gateway = await startTestGateway()
  const sql = gateway.database.sql('postgres')
  const person = async (): Promise<Member> => {
    const made = await createPerson(gateway.config, sql)
    return { ...made, api: gateway.client({ token: made.token }) }
  }
  const member = async (role: Role) => {
    const joined = await person()
    await sql`insert into memberships (team_id, user_id, role) values (${team.id}, ${joined.id}, ${role})`
    return joined
  }
  owner = await person()
  team = await createTeam(sql, owner)
  senior = await member('senior')
  second = await member('senior')
  junior = await member('member')
})
afterAll(() => gateway[Symbol.asyncDispose]())

async function rpc<Result>({ api }: Member, name: string, args: object): Promise<Result> {
  const { data, error } = await api.rpc(name, args)
  if (error) throw toBatonError(error)
  return data as Result
}

async function stuck(): Promise<Escalation> {
  const project = await rpc<{ id: string }>(junior, 'create_project', { team_id: team.id, name: 'App' })
  const chat = await rpc<{ id: string }>(junior, 'create_chat', { project_id: project.id })
  return await rpc(junior, 'escalate', {
    chat_id: chat.id,
    reason: 'The build fails.',
    priority: 'high',
    note: 'Since noon.',
  })
}

const claim = ({ api }: Member, { id }: Escalation) => api.rpc('claim_escalation', { escalation_id: id })

test('of two who claim, one has it, and the other is answered 409 with who and when', async () => {
  const escalation = await stuck()
  const [one, other] = await Promise.all([claim(senior, escalation), claim(second, escalation)])
  const [won, lost] = one.error ? [other, one] : [one, other]
  expect([won.status, lost.status]).toEqual([200, 409])
  const facts = {
    claimed_by_id: won.data.claimed_by,
    claimed_by_name: 'Person',
    claimed_at: won.data.claimed_at,
  }
  expect(lost.error).toMatchObject({ code: 'PT409', message: 'Person has claimed this already.', ...facts })
  expect(toBatonError(lost.error)).toMatchObject({
    code: 'PT409',
    hint: 'Go back to the queue.',
    details: { ...facts, state: 'claimed' },
  })
})

test('the refusal is in the history of the escalation and on the topic of the one who lost', async () => {
  const escalation = await stuck()
  await claim(senior, escalation)
  expect((await claim(second, escalation)).status).toBe(409)
  const sql = gateway.database.sql('postgres')
  expect(
    await sql`select kind, user_id from escalation_events where escalation_id = ${escalation.id} order by id`,
  ).toMatchObject([
    { kind: 'raised', user_id: junior.id },
    { kind: 'levelled' },
    { kind: 'claimed', user_id: senior.id },
    { kind: 'refused', user_id: second.id },
  ])
  const [told] = await sql`
    select payload from events where topic = ${`user:${second.id}`} and kind = 'escalation.refused'
      and payload ->> 'id' = ${escalation.id}`
  expect(told!.payload).toMatchObject({ claimed_by_id: senior.id, state: 'claimed' })
  const [line] = await sql`
    select payload from events where topic = ${`team:${team.id}`} and kind = 'escalation.event'
      and payload ->> 'escalation_id' = ${escalation.id} and payload ->> 'kind' = 'refused'`
  expect(line!.payload).toMatchObject({ user_id: second.id, data: { claimed_by_id: senior.id } })
})

test('whoever comes when it is over is told who had it', async () => {
  const escalation = await stuck()
  await claim(senior, escalation)
  await rpc(senior, 'resolve_escalation', {
    escalation_id: escalation.id,
    note: 'A typo.',
    cause: 'Model mistake',
  })
  const late = await claim(second, escalation)
  expect(late.status).toBe(409)
  expect(toBatonError(late.error).details).toMatchObject({ claimed_by_id: senior.id, state: 'resolved' })
})

test('a claim that is won answers the card, and so does the holder who asks again', async () => {
  const escalation = await stuck()
  for (const _ of ['once', 'again']) {
    const { status, data } = await claim(senior, escalation)
    expect([status, data.state, data.claimed_by]).toEqual([200, 'claimed', senior.id])
  }
})

test('numbers are read with "from" and "to"', async () => {
  const metrics = await rpc<EscalationMetrics>(owner, 'escalation_metrics', {
    team_id: team.id,
    from: new Date(Date.now() - 3_600_000).toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
  })
  expect(metrics.raised).toBeGreaterThan(0)
})
