import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chat, ChatSnapshot, Entry } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, join, type Person, signUp } from './people.ts'
import { claim, eventsOf, readHistory, send, settle } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

const fork = (self: Person, chat_id: string, turn: number) =>
  call<Chat>(db, self, 'fork_chat', { chat_id, turn })
const snapshot = (self: Person, chat_id: string) => call<ChatSnapshot>(db, self, 'chat_snapshot', { chat_id })

/** What the model is sent, without what only tells rows apart. */
const meaning = ({ turn, index, kind, text, data, tool_call }: Entry) => ({
  turn,
  index,
  kind,
  text,
  signature: data.signature,
  call: tool_call && [tool_call.api_id, tool_call.name, tool_call.input, tool_call.result],
})

/** Turn 0: a message. Turn 1: words, a plan and a file. Turn 2: more words. */
async function chatOfThreeTurns() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id, 'Make a todo app')
  const worker = await claim(db, run_id)
  const first = await worker.openTurn()
  await worker.say(first, 0, 'I begin.')
  const plan = await worker.type(first, 1, 'set_plan')
  const items = [{ text: 'Begin', state: 'doing' }]
  await worker.write('close_tool_use', { entry_id: plan.entry_id, input: { items } })
  await worker.finish(plan.tool_call_id, [{ kind: 'set_plan', items }])
  const file = await worker.call(first, 2, { path: 'a.ts', content: 'a' })
  await worker.finish(file, [{ kind: 'write', path: 'a.ts', content: 'a', base_version: 0 }])
  await worker.closeTurn(first, 'tool_use')
  const second = await worker.openTurn()
  await worker.say(second, 0, 'Done.')
  await worker.closeTurn(second)
  return { ...place, run_id, worker, items }
}

test('a fork begins with the history of the chat up to its turn, to the letter, and a word about the files', async () => {
  const { owner, chat, project, topic } = await chatOfThreeTurns()
  const made = await fork(owner, chat.id, 1)
  expect(made).toMatchObject({ project_id: project.id, title: 'Chat (fork)', created_by: owner.sub })
  const history = await readHistory(db, made.id)
  const original = (await readHistory(db, chat.id)).filter(({ turn }) => turn <= 1)
  expect(history.slice(0, -1).map(meaning)).toEqual(original.map(meaning))
  expect(history.at(-1)).toMatchObject({ turn: 2, kind: 'notice', data: { chat_id: chat.id, title: 'Chat' } })
  expect((await eventsOf(db, topic)).at(-1)).toEqual({ kind: 'chat.created', payload: made })
})

test('its copies belong to no run, cost nothing, and bring the plan as it stood then', async () => {
  const { owner, chat, run_id, items } = await chatOfThreeTurns()
  const made = await fork(owner, chat.id, 2)
  const { entries, run, plan, usage } = await snapshot(owner, made.id)
  expect(entries.map((entry) => entry.run_id)).toEqual(entries.map(() => null))
  expect([run, plan, usage.cost_usd]).toEqual([null, items, 0])
  const { tool_calls } = await call<{ tool_calls: unknown[] }>(db, owner, 'run_snapshot', { run_id })
  expect(tool_calls).toHaveLength(2)
  const none = await fork(owner, chat.id, 0)
  expect((await snapshot(owner, none.id)).plan).toEqual([])
})

test('it goes its own way: what is said in one is not said in the other', async () => {
  const { owner, chat, worker } = await chatOfThreeTurns()
  await worker.complete()
  const made = await fork(owner, chat.id, 2)
  const { state } = await send(db, owner, made.id, 'Another way')
  expect(state).toBe('sent')
  expect((await readHistory(db, made.id)).at(-1)!.text).toBe('Another way')
  expect((await readHistory(db, chat.id)).at(-1)!.text).toBe('Done.')
  const copied = (await snapshot(owner, made.id)).entries[0]!
  await call(db, owner, 'stop_run', { run_id: (await snapshot(owner, made.id)).run!.id })
  await call(db, owner, 'resend_from', {
    entry_id: copied.id,
    content: 'A kanban app',
    client_id: randomUUID(),
  })
  expect((await readHistory(db, made.id)).map(({ text }) => text)).toEqual(['A kanban app'])
  expect((await readHistory(db, chat.id))[0]!.text).toBe('Make a todo app')
})

test('a fork of a fork knows from which call its files are', async () => {
  const { owner, chat } = await chatOfThreeTurns()
  const again = await fork(owner, (await fork(owner, chat.id, 2)).id, 2)
  const calls = await db.sql<{ same: boolean }[]>`
    select c.copied_from = o.id as same from tool_calls c
    join tool_calls o on o.chat_id = ${chat.id} and o.api_id = c.api_id where c.chat_id = ${again.id}`
  expect(calls.map(({ same }) => same)).toEqual([true, true])
})

test('turn -1 forks before everything', async () => {
  const { owner, chat } = await chatOfThreeTurns()
  const made = await fork(owner, chat.id, -1)
  expect(await readHistory(db, made.id)).toEqual([])
  expect((await send(db, owner, made.id, 'From the start')).state).toBe('sent')
})

test('what was taken out of the chat does not come along', async () => {
  const { owner, chat, worker } = await chatOfThreeTurns()
  await worker.complete()
  const [first] = await readHistory(db, chat.id)
  await call(db, owner, 'resend_from', { entry_id: first!.id, content: 'Anew', client_id: randomUUID() })
  const made = await fork(owner, chat.id, 99)
  expect(
    (await readHistory(db, made.id)).map(({ kind, text }) => (kind === 'message' ? text : kind)),
  ).toEqual(['Anew', 'notice'])
})

test('a turn that has not ended cannot be forked from, and the ones before it can', async () => {
  const { owner, chat, worker } = await chatOfThreeTurns()
  const turn = await worker.openTurn()
  await expect(fork(owner, chat.id, 3)).rejects.toMatchObject({ code: 'BT029' })
  const asked = await worker.call(turn, 0)
  await worker.closeTurn(turn, 'tool_use')
  await expect(fork(owner, chat.id, 3)).rejects.toMatchObject({ code: 'BT029' })
  await fork(owner, chat.id, 2)
  await worker.finish(asked)
  await fork(owner, chat.id, 3)
})

test('an archived chat can be forked, one of another team cannot', async () => {
  const { owner, chat } = await chatOfThreeTurns()
  await call(db, owner, 'archive_chat', { chat_id: chat.id })
  expect((await fork(owner, chat.id, 2)).archived_at).toBeNull()
  await expect(fork(await signUp(db, 'Stranger'), chat.id, 2)).rejects.toMatchObject({ code: 'BT003' })
})

test('who answered or cancelled is told with the call', async () => {
  const { owner, team, chat, worker } = await chatOfThreeTurns()
  const mate = await signUp(db, 'Mate')
  await join(db, owner, team.id, mate, 'member')
  const turn = await worker.openTurn()
  const [asked, long] = [await worker.call(turn, 0), await worker.call(turn, 1)]
  const question_id = randomUUID()
  await worker.write('ask_question', { question_id, tool_call_id: asked, prompt: {} })
  await call(db, mate, 'answer_question', { question_id, answer: { text: 'Blue' } })
  await call(db, owner, 'cancel_tool_call', { tool_call_id: long })
  const { entries } = await snapshot(owner, chat.id)
  expect(entries.slice(-2).map(({ tool_call }) => tool_call!.ended_by)).toEqual([mate.sub, owner.sub])
})
