import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PreviewError } from '../functions/_shared/protocol.ts'
import { buildAll, claimBuild, hostOf, projectSnapshot } from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { type Arguments, call, join, type Person, service, signUp } from './people.ts'
import { claim, eventsOf, save, send, settle } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

async function shown() {
  const place = await settle(db)
  await buildAll(db)
  const deployment_id = (await hostOf(db, place.project.id)).deployment_id!
  const report = (reports: unknown, self: Person = place.owner) =>
    call<{ recorded: number }>(db, self, 'report_preview', {
      project_id: place.project.id,
      deployment_id,
      reports: reports as object,
    })
  const errors = async () => (await projectSnapshot(db, place.owner, place.project.id)).preview_errors
  return { ...place, deployment_id, report, errors }
}

const broken = {
  kind: 'error',
  message: 'x is not a function',
  stack: 'TypeError: x is not a function\n    at App',
  frames: [{ file: 'src/App.tsx', line: 3, column: 7, function: 'App' }],
  path: '/',
}

test('an error that many see is one error, and is told once', async () => {
  const { owner, team, topic, report, errors } = await shown()
  const friend = await signUp(db, 'Friend')
  await join(db, owner, team.id, friend, 'member')
  for (const self of [owner, friend, owner])
    expect(await report([broken, broken], self)).toEqual({ recorded: 1 })
  expect(await errors()).toMatchObject([{ ...broken, count: 3, reported_by: owner.sub }])
  expect((await eventsOf(db, topic)).filter(({ kind }) => kind === 'preview.error')).toHaveLength(1)
})

test('the same message from another place is another error', async () => {
  const { report, errors } = await shown()
  await report([
    broken,
    { ...broken, frames: [{ file: 'src/other.tsx', line: 1, column: 1, function: null }] },
  ])
  expect(await errors()).toHaveLength(2)
})

test('errors belong to the preview that they came from', async () => {
  const { owner, project, report, errors } = await shown()
  await report([broken])
  await save(db, owner, project.id, 'src/a.ts', 'x')
  await (await claimBuild(db)).finish()
  expect(await errors()).toEqual([])
})

test('a preview that reports without end is bounded, in number and in size', async () => {
  const { report, errors } = await shown()
  for (let turn = 0; turn < 6; turn++) {
    await report(
      Array.from({ length: 10 }, (_, index) => ({
        kind: 'console',
        message: `${turn} ${index} ${'m'.repeat(9000)}`,
        stack: 's'.repeat(9000),
        frames: Array.from({ length: 40 }, () => ({
          file: 'f'.repeat(600),
          line: 'many',
          column: {},
          function: 'g',
        })),
        path: 'p'.repeat(900),
      })),
    )
  }
  const all = await errors()
  expect(all).toHaveLength(50)
  const [one] = all as [PreviewError]
  expect([one.message.length, one.stack!.length, one.frames.length, one.path!.length]).toEqual([
    4000, 8000, 30, 500,
  ])
  expect(one.frames[0]).toMatchObject({ line: null, column: null })
})

test.each<[string, unknown]>([
  ['nothing', []],
  ['no list', { kind: 'error', message: 'a' }],
  ['too many', Array.from({ length: 21 }, () => broken)],
  ['another kind', [{ kind: 'alert', message: 'a' }]],
  ['no message', [{ kind: 'error' }]],
  ['a message that is no text', [{ kind: 'error', message: { toString: 1 } }]],
  ['no object', ['x is not a function']],
  ['megabytes', [{ ...broken, stack: 's'.repeat(600_000) }]],
])('a report of %s is refused', async (_, reports) => {
  const { report, errors } = await shown()
  await expect(report(reports)).rejects.toMatchObject({ code: 'BT004' })
  expect(await errors()).toEqual([])
})

test('what was put away is gone for everybody', async () => {
  const { owner, project, topic, report, errors } = await shown()
  await report([broken])
  const [{ id }] = (await errors()) as [PreviewError]
  await call(db, owner, 'clear_preview_errors', { project_id: project.id })
  expect(await errors()).toEqual([])
  expect((await eventsOf(db, topic)).at(-1)).toMatchObject({
    kind: 'preview.cleared',
    payload: { ids: [id] },
  })
})

test('the agent reads the last build and what the preview reported', async () => {
  const { owner, project, report, deployment_id } = await shown()
  await report([broken])
  await save(db, owner, project.id, 'src/a.ts', 'x')
  await (await claimBuild(db)).fail()
  expect(await call(db, service, 'read_preview_state', { project_id: project.id })).toMatchObject({
    build: { state: 'failed', errors: [{ message: 'x is not defined' }], type_errors: null },
    shown: { id: deployment_id },
    reported: [{ message: 'x is not a function', count: 1 }],
  })
})

describe('a question of the agent', () => {
  async function asked(wait_seconds = 60) {
    const place = await shown()
    const { run_id } = await send(db, place.owner, place.chat.id)
    const worker = await claim(db, run_id)
    const tool_call_id = await worker.call(await worker.openTurn(), 0)
    const ask = () => worker.write<Arguments>('ask_preview', { tool_call_id, wait_seconds })
    await ask()
    const [question] = (await projectSnapshot(db, place.owner, place.project.id)).preview_questions
    const answer = (outline: object, self = place.owner) =>
      call<boolean>(db, self, 'answer_preview', { question_id: question!.id, answer: outline })
    const read = () => worker.write<Arguments>('read_preview_answer', { tool_call_id })
    return { ...place, worker, question: question!, ask, answer, read }
  }

  test('is asked once, however often its call is run, and answered by one open preview', async () => {
    const { topic, ask, answer, read, question } = await asked()
    expect(question).toMatchObject({ kind: 'outline', state: 'open' })
    await ask()
    expect((await eventsOf(db, topic)).filter(({ kind }) => kind === 'preview.asked')).toHaveLength(1)
    expect(await read()).toMatchObject({ state: 'open', answer: null })
    const answers = await Promise.all([answer({ outline: 'one' }), answer({ outline: 'two' })])
    expect(answers.sort()).toEqual([false, true])
    expect(await read()).toMatchObject({
      state: 'answered',
      answer: { outline: expect.stringMatching(/one|two/) },
    })
  })

  test('that nobody answers expires, and says so', async () => {
    const { topic, answer, read, question } = await asked()
    await db.sql`update preview_questions set expires_at = now() where id = ${question.id}`
    expect(await read()).toMatchObject({ state: 'expired', answer: null })
    expect(await answer({ outline: 'late' })).toBe(false)
    expect((await eventsOf(db, topic)).at(-1)).toMatchObject({
      kind: 'preview.answered',
      payload: { id: question.id, state: 'expired' },
    })
  })

  test('whose worker is gone expires with time', async () => {
    const { owner, project, question } = await asked()
    await db.sql`update preview_questions set expires_at = now() where id = ${question.id}`
    await call(db, service, 'tick')
    expect((await projectSnapshot(db, owner, project.id)).preview_questions).toEqual([])
  })

  test('takes no answer that is none, or too large', async () => {
    const { answer } = await asked()
    for (const wrong of [[], 'text', { outline: 'x'.repeat(300_000) }]) {
      await expect(answer(wrong as object)).rejects.toMatchObject({ code: 'BT025' })
    }
  })
})
