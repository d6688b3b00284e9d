import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EscalationSnapshot, RunRows, RunSnapshot } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { claimIt, escalate, LADDER, look, resolve, type Staff, staff } from './desk.ts'
import { type Arguments, call, type Person } from './people.ts'
import {
  claim,
  readHistory,
  runSnapshot,
  save,
  send,
  settle,
  tryClaim,
  type Worker,
  writeFile,
} from './work.ts'

let db: Database
let people: Staff
let chat: string
let run_id: string
let worker: Worker
beforeAll(async () => {
  db = await createDatabase()
})
beforeEach(async () => {
  people = await staff(db)
  const busy = await people.busy()
  chat = busy.chat.id
  run_id = busy.run_id
  worker = await claim(db, run_id)
})
afterAll(() => db[Symbol.asyncDispose]())

const living = () => call<EscalationSnapshot>(db, people.junior, 'chat_escalation', { chat_id: chat })
const run = async () => (await runSnapshot(db, people.junior, run_id)).run
const rows = () => worker.write<RunRows>('run_rows')
const at = (self: Person, name: string, escalation_id: string, more: Arguments = {}) =>
  call(db, self, name, { escalation_id, ...more })
const said = async () =>
  (await readHistory(db, chat)).filter(({ kind }) => kind === 'message').map(({ text }) => text)

const EFFECT = {
  kind: 'escalate',
  reason: 'No way on.',
  note: 'Tried it all.',
  priority: 'high',
  confidence: 'medium',
}

/** As the agent does: calls somebody, and waits at the next step. */
async function callForHelp(): Promise<string> {
  const turn = await worker.openTurn()
  const toolCall = await worker.call(turn, 0)
  await worker.closeTurn(turn, 'tool_use')
  await worker.finish(toolCall, [EFFECT], 'A senior was called.')
  expect((await rows()).held).toBe(true)
  expect(await worker.write('wait_for_person')).toBe(true)
  return (await living()).escalation.id
}

describe('an agent that calls for help', () => {
  test('raises one in the transaction of its result, and its run waits', async () => {
    const id = await callForHelp()
    const { escalation, snapshot } = await living()
    expect(escalation).toMatchObject({
      id,
      source: 'agent',
      reason: 'No way on.',
      note: 'Tried it all.',
      priority: 'high',
      raised_by: null,
      for_user: people.junior.sub,
      run_id,
      holds_run: true,
    })
    expect(snapshot.confidence).toBe('medium')
    expect(await run()).toMatchObject({ state: 'waiting', reason: 'escalated' })
    expect(await tryClaim(db, run_id)).toBeNull()
  })

  test('does so once, however often its result is sent', async () => {
    const turn = await worker.openTurn()
    const toolCall = await worker.call(turn, 0)
    await worker.finish(toolCall, [EFFECT])
    await worker.finish(toolCall, [EFFECT])
    expect(await db.sql`select from escalations where chat_id = ${chat}`).toHaveLength(1)
  })

  test('is told what is wrong with its call, and nothing happens', async () => {
    const turn = await worker.openTurn()
    const toolCall = await worker.call(turn, 0)
    await expect(worker.finish(toolCall, [{ ...EFFECT, priority: 'max' }])).rejects.toMatchObject({
      code: 'BT004',
    })
    expect(await living()).toBeNull()
  })
})

describe('the same run goes on from where it stood', () => {
  test('with the message of the holder, while the claim goes on', async () => {
    const id = await callForHelp()
    await claimIt(db, people.senior, id)
    await send(db, people.senior, chat, 'Use a list.')
    expect(await run()).toMatchObject({ id: run_id, state: 'queued', reason: null })
    expect((await living()).escalation).toMatchObject({ state: 'claimed', holds_run: false })
    worker = await claim(db, run_id)
    await worker.write('take_messages')
    expect(await said()).toEqual(['Make a todo app', 'Use a list.'])
  })

  test.each([
    ['return_escalation', { note: 'Use a list.' }, ['Make a todo app', 'Use a list.']],
    ['resolve_escalation', { note: 'I made a list.' }, ['Make a todo app', 'I made a list.']],
    ['resolve_escalation', {}, ['Make a todo app']],
    ['cancel_escalation', {}, ['Make a todo app']],
  ])('with %s %o', async (name, more, messages) => {
    const id = await callForHelp()
    await claimIt(db, people.senior, id)
    await at(people.senior, name, id, more)
    worker = await claim(db, run_id)
    expect((await rows()).held).toBe(false)
    await worker.write('take_messages')
    expect(await said()).toEqual(messages)
  })

  test('when who is stuck withdraws it', async () => {
    const id = await callForHelp()
    await at(people.junior, 'cancel_escalation', id)
    expect(await run()).toMatchObject({ state: 'queued' })
  })

  test('after a restart of everything, since all of it is in rows', async () => {
    const id = await callForHelp()
    await db.sql`select public.tick()`
    await claimIt(db, people.senior, id)
    await at(people.senior, 'return_escalation', id, { note: 'Go on.' })
    await db.sql`select public.tick()`
    expect(await tryClaim(db, null)).not.toBeNull()
  })
})

test('messages of others wait in the queue until somebody answers', async () => {
  const id = await callForHelp()
  await send(db, people.junior, chat, 'Anything new?')
  await send(db, people.bystander, chat, 'I wonder too.')
  expect(await run()).toMatchObject({ state: 'waiting' })
  await claimIt(db, people.senior, id)
  await send(db, people.senior, chat, 'Use a list.')
  worker = await claim(db, run_id)
  await worker.write('take_messages')
  expect(await said()).toEqual(['Make a todo app', 'Anything new?', 'I wonder too.', 'Use a list.'])
})

test('a claim, a release and a lapse do not let it go on', async () => {
  const id = await callForHelp()
  await claimIt(db, people.senior, id)
  await at(people.senior, 'release_escalation', id)
  await claimIt(db, people.second, id)
  await db.sql`select baton.append_events((baton.sweep_escalations(now() + interval '1 hour')).events)`
  expect(await run()).toMatchObject({ state: 'waiting' })
  expect((await living()).escalation).toMatchObject({ state: 'open', lapses: 1, holds_run: true })
})

describe('a person who raises', () => {
  test('holds a run that is at work from its next step on', async () => {
    await escalate(db, people.junior, chat)
    expect(await run()).toMatchObject({ state: 'running' })
    const turn = await worker.openTurn()
    await worker.say(turn, 0, 'I go on.')
    await worker.closeTurn(turn)
    expect((await rows()).held).toBe(true)
    expect(await worker.write('wait_for_person')).toBe(true)
  })

  test('holds one that nobody works on at once', async () => {
    await worker.write('hand_over')
    await escalate(db, people.junior, chat)
    expect(await run()).toMatchObject({ state: 'waiting', reason: 'escalated' })
  })

  test('at the moment in which the run ends holds nothing', async () => {
    const { id } = await escalate(db, people.junior, chat)
    await worker.complete()
    expect((await look(db, people.junior, id)).escalation).toMatchObject({ state: 'open', holds_run: false })
  })

  test('about a chat that is at rest holds nothing', async () => {
    await worker.complete()
    const e = await escalate(db, people.junior, chat)
    expect(e).toMatchObject({ run_id, holds_run: false })
    await claimIt(db, people.senior, e.id)
    await resolve(db, people.senior, e.id, { note: 'All well.' })
    expect(await run()).toMatchObject({ state: 'completed' })
    expect(await said()).toEqual(['Make a todo app'])
  })
})

const STUCK = { type: 'same_call_thrice', message: 'The same call was made three times.' }
const getStuck = (error: object = STUCK) => worker.write('raise_and_wait', { error, notice: 'Stopped.' })

describe('a run that is stuck', () => {
  test.each([
    ['same_call_thrice', 'loop'],
    ['too_many_steps', 'loop'],
    ['budget_spent', 'budget'],
    ['overloaded_error', 'fault'],
  ])('on %s calls for help by itself, waits, and says on what', async (type, source) => {
    const error = { ...STUCK, type }
    await getStuck(error)
    const { escalation, snapshot } = await living()
    expect(escalation).toMatchObject({
      state: 'open',
      source,
      reason: STUCK.message,
      raised_by: null,
      for_user: people.junior.sub,
      run_id,
      holds_run: true,
    })
    expect(snapshot).toMatchObject({
      run_state: 'waiting',
      confidence: 'low',
      facts: { reason: type, error },
    })
    expect(snapshot.errors).toMatchObject([{ where: 'run', message: STUCK.message }])
    expect(await run()).toMatchObject({ state: 'waiting', reason: 'escalated', error, ended_at: null })
    expect((await readHistory(db, chat)).at(-1)).toMatchObject({ kind: 'notice', data: { stopped: type } })
    await expect(worker.write('run_rows')).rejects.toMatchObject({ code: 'BT020' })
    await db.sql`select public.tick()`
    expect(await tryClaim(db, run_id)).toBeNull()
  })

  test.each([
    ['return_escalation', { note: 'Use a list.' }, ['Make a todo app', 'Use a list.']],
    ['resolve_escalation', { note: 'It has room again.' }, ['Make a todo app', 'It has room again.']],
    ['resolve_escalation', {}, ['Make a todo app']],
  ])('goes on from where it stood with %s %o, its counts begun anew', async (name, more, messages) => {
    for (let fault = 0; fault < 5; fault++) await worker.write('note_fault', { error: STUCK })
    await getStuck()
    const { id } = (await living()).escalation
    await claimIt(db, people.senior, id)
    await at(people.senior, name, id, more)
    expect(await run()).toMatchObject({
      id: run_id,
      state: 'queued',
      error: null,
      model_faults: 0,
      fault: null,
    })
    worker = await claim(db, run_id)
    await worker.write('take_messages')
    expect(await said()).toEqual(messages)
  })

  test('goes on with a message of a senior, and not with one of anybody else', async () => {
    await getStuck()
    await send(db, people.junior, chat, 'Hello?')
    expect(await run()).toMatchObject({ state: 'waiting' })
    await send(db, people.senior, chat, 'Use a list.')
    expect(await run()).toMatchObject({ id: run_id, state: 'queued', error: null })
    expect((await living()).escalation).toMatchObject({ state: 'open', holds_run: false })
  })

  test('goes on when anybody tries it again, once', async () => {
    await getStuck()
    await call(db, people.bystander, 'retry_run', { run_id })
    expect(await run()).toMatchObject({ state: 'queued', error: null })
    expect((await living()).escalation).toMatchObject({ state: 'open', holds_run: false })
    await expect(call(db, people.junior, 'retry_run', { run_id })).rejects.toMatchObject({ code: 'BT029' })
    worker = await claim(db, run_id)
    expect((await rows()).held).toBe(false)
  })

  test('is not cut in the middle of a sentence when it goes on', async () => {
    const turn = await worker.openTurn()
    await worker.say(turn, 0, 'I begin to')
    await worker.closeTurn(turn, 'error', { error: { type: 'cut' } })
    await worker.write('raise_and_wait', { error: STUCK })
    await call(db, people.junior, 'retry_run', { run_id })
    expect((await readHistory(db, chat)).at(-1)).toMatchObject({ kind: 'notice' })
  })

  test('ends with its error when nobody is to come any more, and can be tried again', async () => {
    await getStuck()
    await at(people.junior, 'cancel_escalation', (await living()).escalation.id)
    expect(await run()).toMatchObject({ state: 'failed', reason: STUCK.type, error: STUCK })
    expect((await living()).escalation.state).toBe('cancelled')
    await call(db, people.junior, 'retry_run', { run_id })
    expect(await run()).toMatchObject({ state: 'queued' })
  })

  test('goes on with what was said meanwhile when nobody is to come any more', async () => {
    await getStuck()
    await send(db, people.junior, chat, 'Leave it out.')
    await at(people.junior, 'cancel_escalation', (await living()).escalation.id)
    worker = await claim(db, run_id)
    await worker.write('take_messages')
    expect(await said()).toEqual(['Make a todo app', 'Leave it out.'])
  })

  test('is stopped like any other, and goes on with the answer all the same', async () => {
    await getStuck()
    await call(db, people.junior, 'stop_run', { run_id })
    expect(await run()).toMatchObject({ state: 'stopped', error: STUCK })
    const { id } = (await living()).escalation
    await claimIt(db, people.senior, id)
    await at(people.senior, 'return_escalation', id, { note: 'Use a list.' })
    expect(await run()).toMatchObject({ id: run_id, state: 'queued', error: null })
  })

  test('again waits for who has it already, and they are told', async () => {
    await getStuck()
    const { id } = (await living()).escalation
    await claimIt(db, people.senior, id)
    await send(db, people.senior, chat, 'Use a list.')
    worker = await claim(db, run_id)
    await worker.write('take_messages')
    await getStuck({ type: 'overloaded_error', message: 'Overloaded.' })
    expect((await living()).escalation).toMatchObject({ id, state: 'claimed', holds_run: true, run_id })
    expect(await run()).toMatchObject({ state: 'waiting', error: { type: 'overloaded_error' } })
    const [bell] = await db.sql`
      select title, body from notifications where user_id = ${people.senior.sub} and read_at is null
        and group_key = ${`escalation:${id}`}`
    expect(bell).toMatchObject({ title: 'The run is stuck again', body: 'Overloaded.' })
    await at(people.senior, 'resolve_escalation', id)
    expect(await run()).toMatchObject({ id: run_id, state: 'queued' })
  })

  test('for which a person called already waits for the same escalation', async () => {
    const { id } = await escalate(db, people.junior, chat)
    await getStuck()
    expect((await living()).escalation).toMatchObject({ id, source: 'person', holds_run: true })
    expect(await db.sql`select from escalations where chat_id = ${chat}`).toHaveLength(1)
  })

  test('in a later run of a chat goes on in that run, when the answer to the first call comes', async () => {
    await worker.complete()
    const { id } = await escalate(db, people.junior, chat)
    const later = await send(db, people.junior, chat, 'Go on.')
    worker = await claim(db, later.run_id)
    await getStuck()
    await claimIt(db, people.senior, id)
    await at(people.senior, 'resolve_escalation', id)
    expect((await runSnapshot(db, people.junior, later.run_id)).run).toMatchObject({ state: 'queued' })
    expect(await run()).toMatchObject({ state: 'completed' })
  })

  test('in a team of one goes on with their own message', async () => {
    const alone = await settle(db)
    const { run_id } = await send(db, alone.owner, alone.chat.id)
    await (await claim(db, run_id)).write('raise_and_wait', { error: STUCK })
    await send(db, alone.owner, alone.chat.id, 'Use a list.')
    expect((await runSnapshot(db, alone.owner, run_id)).run).toMatchObject({ state: 'queued' })
  })

  test('waits through kills and restarts until an answer comes', async () => {
    await getStuck()
    await db.sql`update runs set available_at = now() - interval '1 day' where id = ${run_id}`
    await db.sql`select public.tick()`
    expect(await run()).toMatchObject({ state: 'waiting' })
    const { id } = (await living()).escalation
    await claimIt(db, people.senior, id)
    await at(people.senior, 'resolve_escalation', id)
    await db.sql`select public.tick()`
    expect(await tryClaim(db, null)).not.toBeNull()
  })
})

describe('a run that fails', () => {
  const FAULT = { type: 'internal_error', message: 'Something is undefined.' }
  const fail = () => worker.write('finish_run', { state: 'failed', reason: FAULT.type, error: FAULT })

  test('calls for help by itself, and is tried again with the answer, and not without one', async () => {
    await fail()
    const { escalation, snapshot } = await living()
    expect(escalation).toMatchObject({
      source: 'fault',
      reason: FAULT.message,
      raised_by: null,
      holds_run: true,
    })
    expect(snapshot).toMatchObject({ run_state: 'failed', confidence: 'low', facts: { reason: FAULT.type } })
    await claimIt(db, people.senior, escalation.id)
    await at(people.senior, 'return_escalation', escalation.id, { note: 'Try the smaller one.' })
    expect(await run()).toMatchObject({ id: run_id, state: 'queued', error: null })
    worker = await claim(db, run_id)
    await worker.write('take_messages')
    expect(await said()).toEqual(['Make a todo app', 'Try the smaller one.'])
  })

  test('and is tried again by hand waits for nobody', async () => {
    await fail()
    await call(db, people.junior, 'retry_run', { run_id })
    worker = await claim(db, run_id)
    expect((await rows()).held).toBe(false)
    expect((await living()).escalation).toMatchObject({ state: 'open', holds_run: false })
  })

  test('because a person stopped it calls nobody', async () => {
    await call(db, people.junior, 'stop_run', { run_id })
    expect(await living()).toBeNull()
  })
})

describe('a question that nobody answers', () => {
  const ask = async () => {
    const turn = await worker.openTurn()
    const toolCall = await worker.call(turn, 0)
    await worker.closeTurn(turn, 'tool_use')
    const question_id = randomUUID()
    await worker.write('ask_question', {
      question_id,
      tool_call_id: toolCall,
      prompt: { question: 'Which colour?' },
    })
    await worker.write('wait_for_person')
    return question_id
  }
  const sweep = (after: string) =>
    db.sql`select baton.append_events((baton.sweep_escalations(now() + ${after}::interval)).events)`

  test('is raised after as long as the team says, once', async () => {
    const question = await ask()
    await sweep('29 minutes')
    expect(await living()).toBeNull()
    await sweep('31 minutes')
    const { escalation, snapshot } = await living()
    expect(escalation).toMatchObject({
      source: 'question',
      reason: 'Nobody has answered: Which colour?',
      for_user: people.junior.sub,
      holds_run: false,
    })
    expect(snapshot.facts).toMatchObject({ question_id: question })
    await at(people.junior, 'cancel_escalation', escalation.id)
    await sweep('40 minutes')
    expect(await db.sql`select from escalations where chat_id = ${chat}`).toHaveLength(1)
  })

  test('never, where the team says so', async () => {
    await call(db, people.owner, 'set_ladder', {
      team_id: people.team.id,
      ladder: { ...LADDER, question_after_minutes: null },
    })
    await ask()
    await sweep('31 days')
    expect(await living()).toBeNull()
  })

  test('needs nobody any more once somebody answers it', async () => {
    const question_id = await ask()
    await sweep('31 minutes')
    await call(db, people.bystander, 'answer_question', { question_id, answer: { text: 'Blue' } })
    expect((await living()).escalation).toMatchObject({
      state: 'cancelled',
      closed_by: people.bystander.sub,
      closing_note: 'The question was answered.',
    })
    expect(await run()).toMatchObject({ state: 'queued' })
  })

  test('stays with its holder when they answer it', async () => {
    const question_id = await ask()
    await sweep('31 minutes')
    const { escalation } = await living()
    await claimIt(db, people.senior, escalation.id)
    await call(db, people.senior, 'answer_question', { question_id, answer: { text: 'Blue' } })
    expect((await living()).escalation).toMatchObject({ state: 'claimed' })
    expect(await run()).toMatchObject({ state: 'queued' })
  })
})

test('the snapshot says what was tried, what went wrong, which files changed and what it cost', async () => {
  await writeFile(worker, 'src/list.tsx', 'export const list = 1')
  const turn = await worker.openTurn()
  await worker.say(turn, 0, 'I look at it.')
  const toolCall = await worker.call(turn, 1, { path: 'nowhere.ts' })
  await worker.write('fail_tool_call', {
    tool_call_id: toolCall,
    error: { type: 'no_such_file', message: 'There is no file nowhere.ts.' },
    result: 'There is no file nowhere.ts.',
  })
  await worker.write('note_usage', {
    turn_id: turn,
    usage: { input_tokens: 100, output_tokens: 20 },
    cost_usd: 0.25,
  })
  await worker.closeTurn(turn, 'tool_use')
  const { project } = people
  const base = (
    await db.sql`select version from files where project_id = ${project.id} and path = 'src/list.tsx'`
  )[0]!
  const raised = await escalate(db, people.junior, chat)
  await save(db, people.senior, project.id, 'src/list.tsx', 'later', Number(base.version))
  const { snapshot } = await look(db, people.senior, raised.id)
  expect(snapshot).toMatchObject({
    problem: 'It goes round in circles.',
    steps: 4,
    errors: [{ where: 'write_file', message: 'There is no file nowhere.ts.' }],
    files: [{ path: 'src/list.tsx', before: null, after: Number(base.version), changes: 1 }],
    cost_usd: 0.25,
    input_tokens: 100,
    output_tokens: 20,
    turns: 2,
    confidence: 'low',
    run_state: 'running',
  })
  expect(snapshot.tried.map(({ kind, name, state }) => [kind, name, state])).toEqual([
    ['message', null, null],
    ['tool', 'write_file', 'complete'],
    ['text', null, null],
    ['tool', 'write_file', 'error'],
  ])
  expect(snapshot.tried[3]).toMatchObject({
    input: '{"path": "nowhere.ts"}',
    text: 'There is no file nowhere.ts.',
  })
  expect(snapshot.after_version).toBe(Number(base.version))
  const whole: RunSnapshot = await runSnapshot(db, people.junior, run_id)
  expect(whole.tool_calls).toHaveLength(2)
})
