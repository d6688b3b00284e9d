/** Whatever a worker may do under its lease, it may not do after it: each write is refused, and has changed nothing. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from './database.ts'
import { type Arguments, call, service } from './people.ts'
import { claim, expireLease, send, settle } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

/** A run in the middle of everything, and a write of each kind that its worker could make now. */
async function busyWorker() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id)
  const worker = await claim(db, run_id)
  const turn_id = await worker.openTurn()
  // A worker has one open block at a time: these three are as if each were the last.
  const setAside = async <Opened extends { entry_id: string }>(opened: Opened): Promise<Opened> => {
    await db.sql`update entries set state = 'closed' where id = ${opened.entry_id}`
    return opened
  }
  const { entry_id } = await setAside({ entry_id: await worker.openEntry(turn_id, 0, 'text') })
  const running = { tool_call_id: await worker.call(turn_id, 1) }
  const queued = { tool_call_id: await worker.call(turn_id, 2, {}, false) }
  const typed = await setAside(await worker.type(turn_id, 3))
  const refused = await setAside(await worker.type(turn_id, 4))
  const asked = { tool_call_id: await worker.call(turn_id, 5) }
  await db.sql`
    update entries set state = 'open' where id in (${entry_id}, ${typed.entry_id}, ${refused.entry_id})`
  await send(db, place.owner, place.chat.id, 'And hurry')
  const request = { stage_id: worker.claimed.stage.id, model: 'm', request_hash: 'h', request_meta: {} }
  const effects = [{ kind: 'write', path: 'a.ts', content: 'late', base_version: 0 }]
  const writes: [string, Arguments][] = [
    ['extend_lease', {}],
    ['note_fault', { error: {} }],
    ['note_usage', { turn_id, usage: {}, cost_usd: 1 }],
    ['open_entry', { entry_id: randomUUID(), turn_id, index: 6, kind: 'text' }],
    ['append_to_entry', { entry_id, offset: 0, text: 'late' }],
    ['close_entry', { entry_id }],
    ['close_tool_use', { entry_id: typed.entry_id, input: {}, start: false }],
    ['refuse_tool_use', { entry_id: refused.entry_id, error: {}, result: 'late' }],
    ['start_tool_call', queued],
    ['ask_question', { ...asked, question_id: randomUUID(), prompt: {} }],
    ['finish_tool_call', { ...running, result: 'late', effects }],
    ['fail_tool_call', { ...queued, error: {}, result: 'late' }],
    ['ask_preview', running],
    ['read_preview_answer', running],
    ['run_rows', {}],
    ['close_turn', { turn_id, stop_reason: 'tool_use' }],
    ['open_turn', { turn_id: randomUUID(), ...request }],
    ['take_messages', {}],
    ['add_notice', { text: 'late' }],
    ['note_spending', { entry_id: randomUUID(), model: 'm', usage: { input_tokens: 1 }, cost_usd: 1 }],
    ['record_compaction', { text: 'late', usage: { input_tokens: 1 }, cost_usd: 1 }],
    ['wait_for_person', {}],
    ['hand_over', {}],
    ['raise_and_wait', { error: { type: 'loop' }, notice: 'late' }],
    ['finish_run', { state: 'failed', reason: 'late' }],
    ['finish_run', { state: 'completed', reason: 'late' }],
  ]
  return { ...place, run_id, worker, writes }
}

async function everything(): Promise<Record<string, string>> {
  const tables = await db.sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`
  const rows: Record<string, string> = {}
  for (const { name } of tables) {
    const [row] = await db.sql.unsafe(
      `select string_agg(t::text, E'\\n' order by t::text) as all from public.${name} t`,
    )
    rows[name] = row!.all
  }
  return rows
}

test('the list below names every function that takes a token', async () => {
  const { writes } = await busyWorker()
  const fenced = await db.sql<{ name: string }[]>`
    select proname as name from pg_proc
    where pronamespace = 'public'::regnamespace and proargnames @> array['run_id', 'token'] order by 1`
  expect(fenced.map(({ name }) => name)).toEqual([...new Set(writes.map(([name]) => name))].sort())
})

test('in its own time each of these writes is taken, or refused for another reason than the lease', async () => {
  const { worker, writes } = await busyWorker()
  const answers: Record<string, string> = {}
  for (const [name, args] of writes.slice(0, -3)) {
    answers[name] = await worker.write(name, args).then(
      () => 'ok',
      ({ code }) => code,
    )
  }
  const tooEarly = ['open_turn', 'take_messages', 'add_notice', 'record_compaction', 'wait_for_person']
  expect(answers).toEqual(
    Object.fromEntries(writes.slice(0, -3).map(([name]) => [name, tooEarly.includes(name) ? 'BT023' : 'ok'])),
  )
})

describe.for(['taken over', 'stopped', 'failed', 'given up', 'waiting', 'handed over'] as const)(
  'once its run is %s',
  (fate) => {
    test('nothing that a worker writes has any effect', async () => {
      const { worker, writes, run_id, owner } = await busyWorker()
      if (fate === 'taken over') {
        await expireLease(db, run_id)
        await claim(db, run_id)
      }
      if (fate === 'stopped') await call(db, owner, 'stop_run', { run_id })
      if (fate === 'failed') await worker.write('finish_run', { state: 'failed', reason: 'model' })
      if (fate === 'handed over') await worker.write('hand_over')
      if (fate === 'given up') {
        await db.sql`update runs set attempts = 5, available_at = now() - interval '1 hour' where id = ${run_id}`
        await expireLease(db, run_id)
        await call(db, service, 'tick')
      }
      if (fate === 'waiting') {
        const steps = ['close_turn', 'start_tool_call', 'finish_tool_call', 'fail_tool_call', 'ask_question']
        for (const step of steps) await worker.write(step, writes.find(([name]) => name === step)![1])
        await worker.write('wait_for_person')
      }
      const before = await everything()
      for (const [name, args] of writes) {
        await expect(worker.write(name, args), name).rejects.toMatchObject({ code: 'BT020' })
      }
      expect(await everything()).toEqual(before)
    })
  },
)
