import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import {
  claim,
  eventsOf,
  expireLease,
  readHistory,
  runSnapshot,
  send,
  settle,
  tryClaim,
  type Worker,
  writeFile,
} from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

async function runOf() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id)
  return { ...place, run_id }
}

const stateOf = async (run_id: string) =>
  (await db.sql`select state, reason from runs where id = ${run_id}`)[0]
const tick = () => call<{ given_up_runs: number }>(db, service, 'tick')

/** The wakes that reach the ticker while this runs. */
async function wakesDuring(act: () => Promise<unknown>): Promise<unknown[]> {
  const heard: unknown[] = []
  const { unlisten } = await db.sql.listen('wake', (message) => heard.push(JSON.parse(message)))
  await act()
  const last = new Promise<void>((resolve) => {
    void db.sql.listen('last_wake', () => resolve()).then(() => db.sql.notify('last_wake', ''))
  })
  await last
  await unlisten()
  return heard
}

describe('a message', () => {
  test('starts a run with one stage, and wakes the agent', async () => {
    const { owner, chat, topic } = await settle(db)
    let run_id = ''
    const wakes = await wakesDuring(async () => {
      run_id = (await send(db, owner, chat.id, '  Make a\n todo app ')).run_id
    })
    expect(wakes).toEqual([{ function: 'agent', payload: { run_id } }])
    const { run } = await runSnapshot(db, owner, run_id)
    expect(run).toMatchObject({
      state: 'queued',
      title: 'Make a todo app',
      created_by: owner.sub,
      attempts: 0,
    })
    expect(run.stages).toMatchObject([{ position: 1, state: 'queued', role: 'developer' }])
    const last = (await eventsOf(db, topic)).slice(-2)
    expect(last.map(({ kind }) => kind)).toEqual(['run.changed', 'entry.opened'])
  })
})

describe('claiming', () => {
  test('gives the run to one worker, with all it needs to begin', async () => {
    const { run_id, chat, project } = await runOf()
    const claimed = await tryClaim(db, run_id)
    expect(claimed).toMatchObject({
      token: 1,
      run: { state: 'running', attempts: 1 },
      stage: { state: 'running' },
    })
    expect(claimed).toMatchObject({ chat: { id: chat.id }, project: { id: project.id }, plan: [] })
    expect(await tryClaim(db, run_id)).toBeNull()
  })

  test('without a run takes the one that waits longest, and none that is not due', async () => {
    const due = await runOf()
    const later = await runOf()
    await db.sql`update runs set available_at = now() - interval '1 year' where id = ${due.run_id}`
    await db.sql`update runs set available_at = now() + interval '1 hour' where id = ${later.run_id}`
    expect((await tryClaim(db, null))?.run.id).toBe(due.run_id)
    expect(await tryClaim(db, later.run_id)).toBeNull()
  })

  test('takes over a run whose lease ran out, under the next token', async () => {
    const { run_id } = await runOf()
    await claim(db, run_id)
    await expireLease(db, run_id)
    expect(await tryClaim(db, run_id)).toMatchObject({ token: 2, run: { attempts: 2 } })
  })

  test('counts from one again after a step that ended', async () => {
    const { run_id } = await runOf()
    const worker = await claim(db, run_id)
    await writeFile(worker, 'a.ts', 'one')
    await expireLease(db, run_id)
    expect(await tryClaim(db, run_id)).toMatchObject({ run: { attempts: 1 } })
  })

  test('is patient with a run that kills its workers', async () => {
    const { run_id } = await runOf()
    await claim(db, run_id)
    await db.sql`update runs set attempts = 5, lease_expires_at = now() - interval '8 seconds' where id = ${run_id}`
    expect(await tryClaim(db, run_id)).toBeNull()
    await db.sql`update runs set lease_expires_at = now() - interval '11 seconds' where id = ${run_id}`
    expect(await tryClaim(db, run_id)).not.toBeNull()
  })
})

describe('a lease', () => {
  test('is extended by its holder', async () => {
    const { run_id } = await runOf()
    const worker = await claim(db, run_id, 1)
    const until = await worker.write<string>('extend_lease', { lease_seconds: 100 })
    expect(Date.parse(until)).toBeGreaterThan(Date.parse(worker.claimed.lease_expires_at) + 90_000)
  })

  test('that ran out still serves its holder until someone else claims', async () => {
    const { run_id } = await runOf()
    const worker = await claim(db, run_id)
    await expireLease(db, run_id)
    await worker.write('extend_lease')
    expect(await tryClaim(db, run_id)).toBeNull()
  })
})

describe('handing over', () => {
  test('puts the run back, wakes the next worker, and cuts what was under way', async () => {
    const { run_id, chat } = await runOf()
    const worker = await claim(db, run_id)
    const turn = await worker.openTurn()
    await worker.say(turn, 0, 'Half of it')
    const running = await worker.call(turn, 1)
    const wakes = await wakesDuring(() => worker.write('hand_over'))
    expect(wakes).toEqual([{ function: 'agent', payload: { run_id } }])
    expect(await stateOf(run_id)).toMatchObject({ state: 'queued' })
    expect(await db.sql`select state, attempt from tool_calls where id = ${running}`).toMatchObject([
      { state: 'queued', attempt: 1 },
    ])
    expect((await readHistory(db, chat.id)).map(({ kind }) => kind)).toEqual(['message', 'text', 'tool_use'])
    const next = await claim(db, run_id)
    expect(next.claimed).toMatchObject({ token: 2, run: { attempts: 2 } })
    expect(await next.write('start_tool_call', { tool_call_id: running })).toBe(2)
  })

  test('until a later time neither wakes nor lets anyone claim before', async () => {
    const { run_id } = await runOf()
    const worker = await claim(db, run_id)
    const not_before = new Date(Date.now() + 60_000).toISOString()
    expect(await wakesDuring(() => worker.write('hand_over', { not_before }))).toEqual([])
    expect(await tryClaim(db, run_id)).toBeNull()
  })
})

describe('finishing', () => {
  test('ends run and stage', async () => {
    const { run_id, owner } = await runOf()
    const worker = await claim(db, run_id)
    expect(await worker.complete()).toEqual({ state: 'completed', next_run_id: null })
    const { run } = await runSnapshot(db, owner, run_id)
    expect(run).toMatchObject({ state: 'completed', reason: 'end_turn', stages: [{ state: 'completed' }] })
    await expect(worker.complete()).rejects.toMatchObject({ code: 'BT020' })
  })

  test('waits for the turn and for its calls', async () => {
    const { run_id } = await runOf()
    const worker = await claim(db, run_id)
    const turn = await worker.openTurn()
    await expect(worker.complete()).rejects.toMatchObject({ code: 'BT023' })
    const running = await worker.call(turn, 0)
    await worker.closeTurn(turn, 'tool_use')
    await expect(worker.complete()).rejects.toMatchObject({ code: 'BT023' })
    await worker.finish(running)
    expect(await worker.complete()).toMatchObject({ state: 'completed' })
  })

  test('badly keeps the whole error, ends what was under way, and leaves queued messages for later', async () => {
    const { run_id, owner, chat } = await runOf()
    const worker = await claim(db, run_id)
    const turn = await worker.openTurn()
    await worker.call(turn, 0)
    await send(db, owner, chat.id, 'And hurry')
    const error = { type: 'overloaded', message: 'x'.repeat(20_000), cause: { status: 529 } }
    await worker.write('finish_run', { state: 'failed', reason: 'model', error })
    const { run, turns, tool_calls } = await runSnapshot(db, owner, run_id)
    expect(run).toMatchObject({
      state: 'failed',
      reason: 'model',
      error,
      stages: [{ state: 'failed', error }],
    })
    expect(turns).toMatchObject([{ state: 'closed', stop_reason: 'model' }])
    expect(tool_calls).toMatchObject([{ state: 'cancelled', is_error: true }])
    expect(
      await db.sql`select state from messages where chat_id = ${chat.id} order by position`,
    ).toMatchObject([{ state: 'sent' }, { state: 'queued' }])
  })
})

describe('stopping', () => {
  async function stopIn(arrange: (worker: Worker) => Promise<unknown>) {
    const place = await runOf()
    const worker = await claim(db, place.run_id)
    await arrange(worker)
    await call(db, place.owner, 'stop_run', { run_id: place.run_id })
    expect(await stateOf(place.run_id)).toEqual({ state: 'stopped', reason: 'stopped' })
    await expect(worker.write('extend_lease')).rejects.toMatchObject({ code: 'BT020' })
    return place
  }

  test('keeps what was said and cancels what was running', async () => {
    const { owner, run_id, chat } = await stopIn(async (worker) => {
      const turn = await worker.openTurn()
      await worker.say(turn, 0, 'I will')
      await worker.call(turn, 1)
      await worker.type(turn, 2)
    })
    const { tool_calls } = await runSnapshot(db, owner, run_id)
    expect(tool_calls.map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
    const history = await readHistory(db, chat.id)
    expect(history.map(({ kind }) => kind)).toEqual(['message', 'text', 'tool_use'])
    expect(history[2]!.tool_call).toMatchObject({
      result: expect.stringContaining('stopped'),
      is_error: true,
    })
  })

  test('adds no notice: the next message follows', async () => {
    const { owner, chat } = await stopIn(async (worker) => worker.say(await worker.openTurn(), 0, 'I will'))
    await send(db, owner, chat.id, 'No, do not')
    expect((await readHistory(db, chat.id)).map(({ text }) => text)).toEqual([
      'Make a todo app',
      'I will',
      'No, do not',
    ])
  })

  test('withdraws a question', async () => {
    const { chat } = await stopIn(async (worker) => {
      const turn = await worker.openTurn()
      const tool_call_id = await worker.call(turn, 0)
      await worker.closeTurn(turn, 'tool_use')
      await worker.write('ask_question', { question_id: crypto.randomUUID(), tool_call_id, prompt: {} })
      await worker.write('wait_for_person')
    })
    expect(await db.sql`select state from questions where chat_id = ${chat.id}`).toMatchObject([
      { state: 'dismissed' },
    ])
  })

  test('a run that has ended changes nothing', async () => {
    const { owner, run_id, topic } = await stopIn(async () => {})
    const before = (await eventsOf(db, topic)).length
    await call(db, owner, 'stop_run', { run_id })
    expect(await eventsOf(db, topic)).toHaveLength(before)
  })
})

describe('trying again', () => {
  test('goes on from the last good turn, with a notice where the model had the last word', async () => {
    const { owner, run_id, chat } = await runOf()
    const worker = await claim(db, run_id)
    await writeFile(worker, 'a.ts', 'one')
    await worker.say(await worker.openTurn(), 0, 'Now I')
    await call(db, owner, 'stop_run', { run_id })
    expect(await wakesDuring(() => call(db, owner, 'retry_run', { run_id }))).toHaveLength(1)
    expect((await readHistory(db, chat.id)).map(({ kind }) => kind)).toEqual([
      'message',
      'tool_use',
      'text',
      'notice',
    ])
    const next = await claim(db, run_id)
    expect(next.claimed).toMatchObject({ token: 3, run: { state: 'running', error: null, attempts: 1 } })
    expect(next.claimed.stage).toMatchObject({ state: 'running' })
    expect(next.claimed.stage.id).toBe(worker.claimed.stage.id)
  })

  test('adds no notice where the model is to speak', async () => {
    const { owner, run_id, chat } = await runOf()
    const worker = await claim(db, run_id)
    await worker.write('finish_run', { state: 'failed', reason: 'model', error: {} })
    await call(db, owner, 'retry_run', { run_id })
    expect((await readHistory(db, chat.id)).map(({ kind }) => kind)).toEqual(['message'])
  })

  test('is for the last run of a chat, once it failed or was stopped', async () => {
    const { owner, run_id, chat } = await runOf()
    const retry = () => call(db, owner, 'retry_run', { run_id })
    await expect(retry()).rejects.toMatchObject({ code: 'BT029' })
    await call(db, owner, 'stop_run', { run_id })
    const next = await send(db, owner, chat.id, 'Something else')
    await expect(retry()).rejects.toMatchObject({ code: 'BT029' })
    await (await claim(db, next.run_id)).complete()
    await expect(call(db, owner, 'retry_run', { run_id: next.run_id })).rejects.toMatchObject({
      code: 'BT029',
    })
  })
})

describe('a fault of the model', () => {
  test('is shown and counted, until a turn ends well', async () => {
    const { owner, run_id } = await runOf()
    const worker = await claim(db, run_id)
    const error = { type: 'overloaded_error' }
    expect(await worker.write('note_fault', { error, retry_at: '2026-11-01T12:00:00Z' })).toBe(1)
    expect(await worker.write('note_fault', { error })).toBe(2)
    expect((await runSnapshot(db, owner, run_id)).run).toMatchObject({
      fault: { error, retry_at: null },
      model_faults: 2,
    })
    const turn = await worker.openTurn()
    await worker.say(turn, 0, 'Hello')
    await worker.closeTurn(turn)
    expect((await runSnapshot(db, owner, run_id)).run).toMatchObject({ fault: null, model_faults: 0 })
  })
})

describe('the sweep', () => {
  test('wakes for what nobody took, and for what lost its worker', async () => {
    await db.sql`update runs set available_at = now() + interval '1 day' where state = 'queued'`
    const waiting = await runOf()
    const orphan = await runOf()
    const young = await runOf()
    const alive = await runOf()
    await claim(db, orphan.run_id)
    await claim(db, alive.run_id)
    await expireLease(db, orphan.run_id)
    await db.sql`update runs set available_at = now() - interval '3 seconds' where id = ${waiting.run_id}`
    const woken = (await wakesDuring(tick)) as { payload: { run_id: string } }[]
    const ids = woken.map(({ payload }) => payload.run_id)
    expect(ids).toContain(waiting.run_id)
    expect(ids).toContain(orphan.run_id)
    expect(ids).not.toContain(young.run_id)
    expect(ids).not.toContain(alive.run_id)
  })

  async function tiredRun(minutes: number) {
    const place = await runOf()
    const worker = await claim(db, place.run_id)
    const turn = await worker.openTurn()
    const tool_call_id = await worker.call(turn, 0)
    await db.sql`
      update runs set attempts = 5, available_at = now() - make_interval(mins => ${minutes}::int) where id = ${place.run_id}`
    await expireLease(db, place.run_id)
    return { ...place, worker, tool_call_id }
  }

  test('gives up a run that killed five workers and has not moved for ten minutes, with the reason', async () => {
    const { run_id, owner } = await tiredRun(11)
    await tick()
    const { run, tool_calls } = await runSnapshot(db, owner, run_id)
    expect(run).toMatchObject({
      state: 'failed',
      reason: 'dead',
      error: { type: 'dead', last_worker: 'worker' },
    })
    expect(tool_calls).toMatchObject([{ state: 'cancelled' }])
  })

  test('never gives up one that moved, that is young, or that is held', async () => {
    const young = await tiredRun(9)
    const held = await tiredRun(11)
    await held.worker.write('extend_lease', { lease_seconds: 60 })
    const moved = await tiredRun(11)
    await moved.worker.finish(moved.tool_call_id)
    await tick()
    for (const { run_id } of [young, held, moved])
      expect(await stateOf(run_id)).toMatchObject({ state: 'running' })
  })
})

test('a run goes with its team when the last account does', async () => {
  const { owner, run_id, topic } = await runOf()
  const worker = await claim(db, run_id)
  await writeFile(worker, 'a.ts', 'one')
  await db.sql`delete from auth.users where id = ${owner.sub}`
  await expect(worker.openTurn()).rejects.toMatchObject({ code: 'BT020' })
  expect(await eventsOf(db, topic)).toEqual([])
})
