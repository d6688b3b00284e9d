import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChatSnapshot } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, join, type Person, signUp } from './people.ts'
import { claim, send, settle } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

const plan = [{ text: 'Draw it', state: 'todo' }]

/** A run that waits until someone decides about its plan. */
async function proposed() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id)
  const worker = await claim(db, run_id)
  const turn = await worker.openTurn()
  const tool_call_id = await worker.call(turn, 0, { needs_approval: true, items: plan })
  await worker.closeTurn(turn, 'tool_use')
  const question_id = randomUUID()
  await worker.write('ask_question', { question_id, tool_call_id, prompt: { plan } })
  await worker.write('wait_for_person')
  const snapshot = () => call<ChatSnapshot>(db, place.owner, 'chat_snapshot', { chat_id: place.chat.id })
  const decide = (self: Person, answer: object) => call(db, self, 'answer_question', { question_id, answer })
  return { ...place, snapshot, decide }
}

test('a plan that waits for its approval is shown as the plan of the chat', async () => {
  const { snapshot } = await proposed()
  const { plan: shown, questions, run } = await snapshot()
  expect(shown).toEqual(plan)
  expect(questions).toMatchObject([{ prompt: { plan }, state: 'open' }])
  expect(run!.state).toBe('waiting')
})

test('anyone of the team approves or rejects it, with a note, and the run goes on', async () => {
  const { owner, team, decide, snapshot } = await proposed()
  const mate = await signUp(db, 'Mate')
  await join(db, owner, team.id, mate, 'member')
  await decide(mate, { approved: false, note: 'Smaller steps' })
  const { entries, run } = await snapshot()
  expect(run!.state).toBe('queued')
  const { tool_call } = entries.at(-1)!
  expect(tool_call).toMatchObject({ state: 'complete', ended_by: mate.sub })
  expect(JSON.parse(tool_call!.result!)).toEqual({ approved: false, note: 'Smaller steps' })
})

test('anything but a decision is refused, and changes nothing', async () => {
  const { owner, decide, snapshot } = await proposed()
  const answers = [
    {},
    { approved: 'yes' },
    { approved: true, note: 7 },
    { approved: true, more: 1 },
    ['approved'],
  ]
  for (const answer of answers) await expect(decide(owner, answer)).rejects.toMatchObject({ code: 'BT004' })
  expect((await snapshot()).questions).toHaveLength(1)
  await decide(owner, { approved: true })
  await expect(decide(owner, { approved: true })).rejects.toMatchObject({ code: 'BT030' })
})
