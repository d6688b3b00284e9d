import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatSnapshot, FileContent, ProjectSnapshot, RunRows } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import {
  claim,
  eventsOf,
  expireLease,
  filesSince,
  readHistory,
  runSnapshot,
  save,
  send,
  settle,
  tryClaim,
  type Worker,
} from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

async function working() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id)
  const worker = await claim(db, run_id)
  return { ...place, run_id, worker, turn: await worker.openTurn() }
}

const callRow = async (id: string) =>
  (await db.sql`select state, attempt, result, error, input from tool_calls where id = ${id}`)[0]!
const write = (path: string, content: string, base_version = 0) => ({
  kind: 'write',
  path,
  content,
  base_version,
})

describe('a call', () => {
  test('is pending while its block is open, and runs when it closes', async () => {
    const { worker, turn, topic } = await working()
    const { entry_id, tool_call_id } = await worker.type(turn, 0)
    expect(await callRow(tool_call_id)).toMatchObject({ state: 'pending', attempt: 0 })
    await worker.write('close_tool_use', { entry_id, input: { path: 'a.ts' } })
    await worker.write('close_tool_use', { entry_id, input: { path: 'b.ts' } })
    expect(await callRow(tool_call_id)).toMatchObject({
      state: 'running',
      attempt: 1,
      input: { path: 'a.ts' },
    })
    const changes = (await eventsOf(db, topic)).filter(({ kind }) => kind === 'tool.changed')
    expect(changes).toHaveLength(1)
    expect(changes[0]!.payload).toMatchObject({
      id: tool_call_id,
      state: 'running',
      closed_at: expect.any(String),
    })
    expect(changes[0]!.payload).not.toHaveProperty('input')
  })

  test('closes with what was typed last, at the place where it was typed', async () => {
    const { worker, turn, topic } = await working()
    const { entry_id, tool_call_id } = await worker.type(turn, 0)
    await worker.write('append_to_entry', { entry_id, offset: 0, text: '{"path":' })
    const end = { entry_id, input: { path: 'a.ts' }, tail: ' "a.ts"}' }
    await expect(worker.write('close_tool_use', { ...end, offset: 0 })).rejects.toMatchObject({
      code: 'BT022',
    })
    await expect(worker.write('close_tool_use', { ...end, offset: 9 })).rejects.toMatchObject({
      code: 'BT022',
    })
    expect(await callRow(tool_call_id)).toMatchObject({ state: 'pending' })
    for (let n = 0; n < 2; n++) await worker.write('close_tool_use', { ...end, offset: 8 })
    const closings = (await eventsOf(db, topic)).filter(({ kind }) => kind === 'tool.changed')
    expect(closings.map(({ payload }) => payload)).toMatchObject([{ state: 'running', tail: ' "a.ts"}' }])
  })

  test('may be queued first', async () => {
    const { worker, turn } = await working()
    const id = await worker.call(turn, 0, {}, false)
    expect(await callRow(id)).toMatchObject({ state: 'queued', attempt: 0 })
    await expect(worker.finish(id)).rejects.toMatchObject({ code: 'BT026' })
    expect(await worker.write('start_tool_call', { tool_call_id: id })).toBe(1)
    await expect(worker.write('start_tool_call', { tool_call_id: id })).rejects.toMatchObject({
      code: 'BT026',
    })
    await worker.finish(id)
  })

  test('that cannot be run is refused at once, and the model is told why', async () => {
    const { worker, turn, chat } = await working()
    const { entry_id, tool_call_id } = await worker.type(turn, 0)
    const error = { type: 'malformed_input', input: '{"path": ' }
    await worker.write('refuse_tool_use', { entry_id, error, result: 'The input is not valid JSON.' })
    await worker.closeTurn(turn, 'tool_use')
    expect(await callRow(tool_call_id)).toMatchObject({ state: 'error', error, input: {} })
    expect((await readHistory(db, chat.id))[1]!.tool_call).toMatchObject({
      result: 'The input is not valid JSON.',
      is_error: true,
    })
  })

  test('fails with a text for the model and the whole error for people', async () => {
    const { worker, turn } = await working()
    const id = await worker.call(turn, 0)
    const error = { type: 'timeout', message: 'x'.repeat(20_000) }
    await worker.write('fail_tool_call', { tool_call_id: id, error, result: 'It took too long.' })
    await worker.write('fail_tool_call', { tool_call_id: id, error: {}, result: 'again' })
    expect(await callRow(id)).toMatchObject({ state: 'error', result: 'It took too long.', error })
  })

  test('can be cancelled by a person while the run goes on', async () => {
    const { worker, turn, owner, run_id, planted } = await working()
    const id = await worker.call(turn, 0)
    await call(db, owner, 'cancel_tool_call', { tool_call_id: id })
    await expect(worker.finish(id, [write('a.ts', 'late')])).rejects.toMatchObject({ code: 'BT026' })
    expect(await callRow(id)).toMatchObject({
      state: 'cancelled',
      result: expect.stringContaining('cancelled'),
    })
    expect((await runSnapshot(db, owner, run_id)).run.state).toBe('running')
    expect(await filesSince(db, owner, worker.claimed.project.id, planted)).toEqual([])
  })
})

describe('finishing', () => {
  test('does every effect and answers what was read back', async () => {
    const { worker, turn, owner, project, chat, run_id, planted } = await working()
    const id = await worker.call(turn, 0)
    const { files } = await worker.finish(id, [
      write('a.ts', 'one'),
      write('b.ts', 'two'),
      { kind: 'move', from: 'a.ts', to: 'src/a.ts', base_version: planted + 1 },
      { kind: 'delete', path: 'b.ts', base_version: planted + 2 },
      { kind: 'set_plan', items: [{ text: 'Write', state: 'done' }] },
      { kind: 'rename_app', name: 'Tasks' },
    ])
    expect(files).toMatchObject([
      { op: 'write', path: 'a.ts', version: planted + 1, size: 3 },
      { op: 'write', path: 'b.ts', version: planted + 2 },
      { op: 'move', path: 'src/a.ts', from_path: 'a.ts', version: planted + 3 },
      { op: 'delete', path: 'b.ts', version: planted + 4 },
    ])
    const now = await call<ProjectSnapshot>(db, owner, 'project_snapshot', { project_id: project.id })
    expect(now).toMatchObject({
      version: planted + 4,
      project: { name: 'Tasks' },
    })
    expect(await filesSince(db, owner, project.id, planted)).toMatchObject([
      { path: 'src/a.ts', tool_call_id: id },
    ])
    const { plan } = await call<ChatSnapshot>(db, owner, 'chat_snapshot', { chat_id: chat.id })
    expect(plan).toEqual([{ text: 'Write', state: 'done' }])
    expect(
      await db.sql`
        select distinct run_id, turn_id, tool_call_id from file_operations
        where project_id = ${project.id} and version > ${planted}`,
    ).toMatchObject([{ run_id, turn_id: turn, tool_call_id: id }])
  })

  test('that comes twice does everything once and answers the same', async () => {
    const { worker, turn, topic } = await working()
    const id = await worker.call(turn, 0)
    const first = await worker.finish(id, [write('a.ts', 'one')])
    const before = (await eventsOf(db, topic)).length
    expect(await worker.finish(id, [write('a.ts', 'one')])).toEqual(first)
    expect(await eventsOf(db, topic)).toHaveLength(before)
  })

  test('does nothing at all when one file has changed meanwhile', async () => {
    const { worker, turn, owner, project, topic } = await working()
    const mine = await save(db, owner, project.id, 'b.ts', 'by hand')
    const id = await worker.call(turn, 0)
    const before = (await eventsOf(db, topic)).length
    const attempt = worker.finish(id, [
      write('a.ts', 'one'),
      { kind: 'set_plan', items: [] },
      { kind: 'rename_app', name: 'Tasks' },
      write('b.ts', 'overwritten', 0),
    ])
    await expect(attempt).rejects.toMatchObject({ code: 'BT021', detail: expect.stringContaining(mine.hash) })
    expect(await callRow(id)).toMatchObject({ state: 'running' })
    expect(await eventsOf(db, topic)).toHaveLength(before)
    const { content } = await call<FileContent>(db, owner, 'read_file', {
      project_id: project.id,
      path: 'b.ts',
    })
    expect(content).toBe('by hand')
  })

  test('refuses the paths, sizes and names that people are refused', async () => {
    const { worker, turn } = await working()
    const id = await worker.call(turn, 0)
    await expect(worker.finish(id, [write('../a.ts', '')])).rejects.toMatchObject({ code: 'BT024' })
    await expect(worker.finish(id, [write('a.ts', 'x'.repeat(1_048_577))])).rejects.toMatchObject({
      code: 'BT025',
    })
    await expect(worker.finish(id, [{ kind: 'rename_app', name: '' }])).rejects.toMatchObject({
      code: 'BT004',
    })
    await worker.finish(id, [write('a.ts', '')])
  })

  test('sees the files of other calls as their versions say', async () => {
    const { worker, turn, project, planted } = await working()
    const [one, two] = [await worker.call(turn, 0), await worker.call(turn, 1)]
    await worker.finish(one, [write('a.ts', 'one')])
    const tree = await call<{ version: number; files: { path: string; version: number }[] }>(
      db,
      service,
      'read_tree',
      {
        project_id: project.id,
      },
    )
    expect(tree.version).toBe(planted + 1)
    expect(tree.files).toHaveLength(planted + 1)
    expect(tree.files).toContainEqual(expect.objectContaining({ path: 'a.ts', version: planted + 1 }))
    await worker.finish(two, [write('a.ts', 'two', planted + 1)])
    expect(
      await call(db, service, 'read_contents', { project_id: project.id, paths: ['a.ts'] }),
    ).toMatchObject([{ path: 'a.ts', version: planted + 2, content: 'two' }])
  })
})

describe('the calls of a worker that died', () => {
  async function dies(worker: Worker) {
    await expireLease(db, worker.lease.run_id)
    return await claim(db, worker.lease.run_id)
  }

  test('are run again, and only by the next worker', async () => {
    const { worker, turn } = await working()
    const id = await worker.call(turn, 0)
    const next = await dies(worker)
    expect(await callRow(id)).toMatchObject({ state: 'queued', attempt: 1 })
    await expect(worker.finish(id)).rejects.toMatchObject({ code: 'BT020' })
    expect(await next.write('start_tool_call', { tool_call_id: id })).toBe(2)
    await next.finish(id, [write('a.ts', 'one')])
  })

  test('end with a timeout when they had their time', async () => {
    const { worker, turn } = await working()
    const id = await worker.call(turn, 0)
    await db.sql`update tool_calls set started_at = now() - interval '181 seconds' where id = ${id}`
    await dies(worker)
    expect(await callRow(id)).toMatchObject({ state: 'error', error: { type: 'timeout' } })
  })

  test('end when three workers died of them', async () => {
    const { worker, turn } = await working()
    const id = await worker.call(turn, 0)
    let next = await dies(worker)
    for (let n = 0; n < 2; n++) {
      await next.write('start_tool_call', { tool_call_id: id })
      next = await dies(next)
    }
    expect(await callRow(id)).toMatchObject({ state: 'error', attempt: 3, error: { type: 'worker_died' } })
  })
})

describe('a question', () => {
  async function asking(count = 1) {
    const place = await working()
    const { worker, turn } = place
    const asked: { question_id: string; tool_call_id: string }[] = []
    for (let index = 0; index < count; index++) {
      const question = { question_id: randomUUID(), tool_call_id: await worker.call(turn, index) }
      await worker.write('ask_question', { ...question, prompt: { text: 'Which colour?' } })
      asked.push(question)
    }
    await worker.closeTurn(turn, 'tool_use')
    return { ...place, asked }
  }
  const answer = (place: { owner: Parameters<typeof call>[1] }, question_id: string, words: unknown) =>
    call(db, place.owner, 'answer_question', { question_id, answer: words as object })
  const stateOf = async (run_id: string) =>
    (await db.sql`select state from runs where id = ${run_id}`)[0]!.state

  test('lets the run wait without a worker, for as long as it takes', async () => {
    const place = await asking()
    expect(await place.worker.write('wait_for_person')).toBe(true)
    expect(await stateOf(place.run_id)).toBe('waiting')
    expect(await tryClaim(db, place.run_id)).toBeNull()
    await expect(place.worker.write('extend_lease')).rejects.toMatchObject({ code: 'BT020' })
  })

  test('that is answered is the result of its call, and the run goes on', async () => {
    const place = await asking()
    await place.worker.write('wait_for_person')
    const [{ question_id, tool_call_id }] = place.asked as [(typeof place.asked)[0]]
    await answer(place, question_id, { text: 'Blue' })
    expect(await callRow(tool_call_id)).toMatchObject({ state: 'complete', result: '{"text": "Blue"}' })
    expect(await stateOf(place.run_id)).toBe('queued')
    await expect(answer(place, question_id, { text: 'Red' })).rejects.toMatchObject({ code: 'BT030' })
    await expect(answer(place, question_id, null)).rejects.toMatchObject({ code: 'BT004' })
  })

  test('keeps the run waiting until the last one is answered', async () => {
    const place = await asking(2)
    await place.worker.write('wait_for_person')
    await answer(place, place.asked[0]!.question_id, 'one')
    expect(await stateOf(place.run_id)).toBe('waiting')
    await answer(place, place.asked[1]!.question_id, 'two')
    expect(await stateOf(place.run_id)).toBe('queued')
  })

  test('is not answered by a worker, and no run waits while other calls have not ended', async () => {
    const place = await working()
    const [asked, other] = [await place.worker.call(place.turn, 0), await place.worker.call(place.turn, 1)]
    await place.worker.write('ask_question', { question_id: randomUUID(), tool_call_id: asked, prompt: {} })
    await place.worker.closeTurn(place.turn, 'tool_use')
    await expect(place.worker.finish(asked)).rejects.toMatchObject({ code: 'BT026' })
    await expect(place.worker.write('wait_for_person')).rejects.toMatchObject({ code: 'BT023' })
    await place.worker.finish(other)
    expect(await place.worker.write('wait_for_person')).toBe(true)
  })

  test('that is answered before the run waits lets it go on', async () => {
    const place = await asking()
    await answer(place, place.asked[0]!.question_id, 'early')
    expect(await place.worker.write('wait_for_person')).toBe(false)
    expect(await place.worker.write<RunRows>('run_rows')).toMatchObject({
      run: { state: 'running' },
      questions: [],
    })
  })

  test('is asked once, and survives its worker', async () => {
    const place = await asking()
    const [asked] = place.asked
    await place.worker.write('ask_question', { ...asked!, question_id: randomUUID(), prompt: {} })
    await expireLease(db, place.run_id)
    const next = await claim(db, place.run_id)
    const { questions, tool_calls } = await next.write<RunRows>('run_rows')
    expect(questions).toMatchObject([{ id: asked!.question_id, prompt: { text: 'Which colour?' } }])
    expect(tool_calls).toMatchObject([{ state: 'running' }])
  })

  test('is withdrawn when somebody writes instead, and the run takes the message', async () => {
    const place = await asking()
    await place.worker.write('wait_for_person')
    await send(db, place.owner, place.chat.id, 'Something else, please')
    const next = await claim(db, place.run_id)
    await next.write('take_messages')
    const history = await readHistory(db, place.chat.id)
    expect(history.map(({ kind }) => kind)).toEqual(['message', 'tool_use', 'message'])
    expect(history[1]!.tool_call).toMatchObject({
      state: 'complete',
      result: 'The question was not answered.',
    })
  })

  test('is withdrawn as well when the run does not wait yet', async () => {
    const place = await asking()
    await send(db, place.owner, place.chat.id, 'Something else, please')
    expect(await callRow(place.asked[0]!.tool_call_id)).toMatchObject({
      state: 'complete',
      result: 'The question was not answered.',
    })
    expect(await place.worker.write('wait_for_person')).toBe(false)
    expect(await place.worker.write('take_messages')).toHaveLength(1)
  })

  test('stays open beside a message that was written before it was asked', async () => {
    const place = await working()
    await send(db, place.owner, place.chat.id, 'And hurry')
    const tool_call_id = await place.worker.call(place.turn, 0)
    const question_id = randomUUID()
    await place.worker.write('ask_question', { question_id, tool_call_id, prompt: {} })
    await place.worker.closeTurn(place.turn, 'tool_use')
    expect(await place.worker.write('wait_for_person')).toBe(true)
    await answer(place, question_id, 'Blue')
    expect(await (await claim(db, place.run_id)).write('take_messages')).toHaveLength(1)
  })

  test('goes with its call when that is cancelled', async () => {
    const place = await asking()
    await place.worker.write('wait_for_person')
    await call(db, place.owner, 'cancel_tool_call', { tool_call_id: place.asked[0]!.tool_call_id })
    expect(await stateOf(place.run_id)).toBe('queued')
    expect(await db.sql`select state from questions where run_id = ${place.run_id}`).toMatchObject([
      { state: 'dismissed' },
    ])
  })
})

test('a worker sees the calls of the last turn that was kept, and what has not ended', async () => {
  const { worker, turn } = await working()
  const first = await worker.call(turn, 0)
  await worker.finish(first)
  await worker.closeTurn(turn, 'tool_use')
  const second = await worker.openTurn()
  const running = await worker.call(second, 0)
  const rows = await worker.write<RunRows>('run_rows')
  expect(rows.tool_calls.map(({ id }) => id)).toEqual([running])
  expect(rows).toMatchObject({
    queued_messages: 0,
    held: false,
    turns: [{ id: turn }, { id: second }],
    stage: { state: 'running' },
  })
})
