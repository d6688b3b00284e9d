/** Work that gets stuck, with the model that everybody has: called, assessed, claimed, answered, and gone on with. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assessment, EscalationSnapshot } from '../../../supabase/functions/_shared/protocol.ts'
import type { RunningPart } from '../../part.ts'
import { startModel } from '../../rehearsal/start.ts'
import { eventually } from '../eventually.ts'
import { silentLog, throwawayConfig } from '../throwaway.ts'
import { type AgentWorld, startAgentWorld, type TestChat } from './agent-world.ts'
import type { Say } from './scripted-model.ts'

let model: RunningPart & { port: number }
let world: AgentWorld
let scripted: AgentWorld
beforeAll(async () => {
  const config = throwawayConfig({ dataDir: '/nonexistent', databasePort: 0 })
  model = await startModel({ config, log: silentLog, pace: 'instant' })
  world = await startAgentWorld({}, { modelPort: model.port })
  scripted = await startAgentWorld()
})
afterAll(async () => {
  await scripted[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
  await model.stop()
})

async function escalationOf(chat: TestChat): Promise<EscalationSnapshot> {
  const [row] = await chat.as(
    (t) => t<{ found: EscalationSnapshot }[]>`select public.chat_escalation(${chat.id}) as found`,
  )
  return row!.found
}

const assessed = (chat: TestChat, state = 'done'): Promise<Assessment> =>
  eventually(async () => {
    const { assessment } = await escalationOf(chat)
    expect(assessment).toMatchObject({ state })
    return assessment
  })

test('an agent that is stuck calls a senior, is assessed, and goes on with the answer in the same run', async () => {
  const chat = await world.chat()
  const runId = await chat.send('Rehearse getting stuck')
  await chat.reaches('waiting')
  const { escalation, snapshot } = await escalationOf(chat)
  expect(escalation).toMatchObject({
    state: 'open',
    source: 'agent',
    priority: 'high',
    run_id: runId,
    holds_run: true,
    reason: 'The export of the old version, data/export.json, is nowhere in the project.',
  })
  expect(snapshot).toMatchObject({ confidence: 'low', run_state: 'running' })
  expect(snapshot.tried.map(({ name }) => name)).toContain('read_file')
  expect(snapshot.errors.map(({ where }) => where)).toContain('read_file')

  const assessment = await assessed(chat)
  expect(assessment).toMatchObject({ confidence: 'high', error: null, attempts: 1 })
  expect(assessment.likely_cause).toContain('data/export.json')
  expect(assessment.evidence.length).toBeGreaterThan(1)
  expect(assessment.steps[0]).toMatchObject({ title: 'Begin without it' })
  const written = await world.sql`
    select payload ->> 'likely_cause' as cause from public.events
    where kind = 'assessment.changed' and payload ->> 'escalation_id' = ${escalation.id} order by seq`
  expect(written.length).toBeGreaterThanOrEqual(2)

  await chat.as((t) => t`select public.claim_escalation(${escalation.id})`)
  await chat.send(assessment.steps[0]!.prompt)
  expect(await chat.reaches('completed')).toMatchObject({ id: runId })
  expect(await chat.file('src/examples.ts')).toContain('Order paper')
  expect((await escalationOf(chat)).escalation).toMatchObject({ state: 'claimed', holds_run: false })
  expect(await world.unlikeReplays()).toEqual([])
})

test('an escalation that a person returns goes on with the note', async () => {
  const chat = await world.chat()
  const runId = await chat.send('Rehearse getting stuck')
  await chat.reaches('waiting')
  const { escalation } = await escalationOf(chat)
  await chat.as((t) => t`select public.claim_escalation(${escalation.id})`)
  await chat.as((t) => t`select public.return_escalation(${escalation.id}, 'The old data is not needed.')`)
  expect(await chat.reaches('completed')).toMatchObject({ id: runId })
  const messages = (await chat.entries()).filter(({ kind }) => kind === 'message')
  expect(messages.map(({ text }) => text)).toEqual(['Rehearse getting stuck', 'The old data is not needed.'])
})

test('a run that repeats itself calls for help by itself, waits, and goes on with the answer', async () => {
  const chat = await world.chat()
  const runId = await chat.send('Rehearse an endless loop')
  expect(await chat.reaches('waiting')).toMatchObject({ error: { type: 'same_call_thrice' } })
  const { escalation, snapshot } = await escalationOf(chat)
  expect(escalation).toMatchObject({ source: 'loop', state: 'open', holds_run: true, run_id: runId })
  expect(snapshot.facts).toMatchObject({ reason: 'same_call_thrice' })
  await assessed(chat)
  await chat.as((t) => t`select public.claim_escalation(${escalation.id})`)
  await chat.as((t) => t`select public.return_escalation(${escalation.id}, 'The list stays as it is.')`)
  expect(await chat.reaches('completed')).toMatchObject({ id: runId, error: null })
  expect(await world.unlikeReplays()).toEqual([])
})

test('a model that stays away calls for help, and the run goes on once somebody has seen to it', async () => {
  const chat = await scripted.chat()
  scripted.model.answer(
    (say) => {
      say.call('write_file', { path: 'kept.txt', content: 'kept' })
      say.end('tool_use')
    },
    (say) => say.refuse(401, 'authentication_error', 'invalid x-api-key'),
  )
  const runId = await chat.send('Write')
  expect(await chat.reaches('waiting')).toMatchObject({
    error: { type: 'authentication_error', status: 401 },
  })
  const { escalation } = await escalationOf(chat)
  expect(escalation).toMatchObject({ source: 'fault', reason: 'invalid x-api-key', holds_run: true })
  scripted.model.answer((say) => {
    say.text('Done.')
    say.end()
  })
  await chat.as((t) => t`select public.claim_escalation(${escalation.id})`)
  await chat.as((t) => t`select public.resolve_escalation(${escalation.id}, cause => 'Outside service')`)
  expect(await chat.reaches('completed')).toMatchObject({ id: runId, error: null, model_faults: 0 })
  expect((await chat.calls()).map(({ name, attempt }) => [name, attempt])).toEqual([['write_file', 1]])
  expect(scripted.model.faults).toEqual([])
})

test('a run whose budget is spent waits until somebody lets it spend as much again', async () => {
  await using poor = await startAgentWorld({ BATON_RUN_BUDGET_DOLLARS: '0.01' })
  const chat = await poor.chat()
  const read = (path: string) => (say: Say) => {
    say.call('read_file', { path })
    say.end('tool_use')
  }
  poor.model.answer(...Array.from({ length: 38 }, (_, number) => read(`nowhere-${number}.ts`)))
  const runId = await chat.send('Look around')
  expect(await chat.reaches('waiting')).toMatchObject({ error: { type: 'budget_spent' } })
  const { escalation } = await escalationOf(chat)
  expect(escalation).toMatchObject({ source: 'budget', holds_run: true })
  const asked = poor.model.requests.length
  await chat.as((t) => t`select public.retry_run(${runId})`)
  await eventually(() => expect(poor.model.requests.length).toBeGreaterThan(asked))
})

test('an assessment that fails says why, and is there when somebody has it tried again', async () => {
  const chat = await scripted.chat()
  scripted.model.assess(
    (say) => say.refuse(400, 'invalid_request_error', 'This model cannot read that.'),
    (say) => {
      say.text('I would rather not say.')
      say.end()
    },
  )
  await chat.as((t) => t`select public.escalate(${chat.id}, 'Nothing works.')`)
  expect(await assessed(chat, 'failed')).toMatchObject({
    likely_cause: null,
    error: { type: 'invalid_request_error', message: 'This model cannot read that.' },
  })
  const { escalation } = await escalationOf(chat)
  await chat.as((t) => t`select public.retry_assessment(${escalation.id})`)
  expect(await assessed(chat)).toMatchObject({ confidence: 'medium', error: null, attempts: 2 })
})
