/**
 * A run from its first word to its last, with everything that can be told of it. After every step the page could have
 * been loaded: from each of these snapshots the events lead to the last one, for the folds that the browser uses.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyChatEvent, type ChatState, chatState } from '../../src/chat/chat-changes.ts'
import { applyProjectEvent } from '../../src/projects/project-changes.ts'
import type { BatonEvent, ChatSnapshot, EventPage, ProjectSnapshot } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call } from './people.ts'
import { claim, createChat, expireLease, save, send, settle, tryClaim, workerOf } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

test('from every moment of a run the events lead to its end, in the project and in the chat', async () => {
  const place = await settle(db)
  const { owner, project, chat, topic } = place
  const other = await createChat(db, owner, project.id)
  const look = async () => ({
    chat: chatState(await call<ChatSnapshot>(db, owner, 'chat_snapshot', { chat_id: chat.id })),
    project: await call<ProjectSnapshot>(db, owner, 'project_snapshot', { project_id: project.id }),
  })
  const moments = [await look()]
  const after = async <T>(step: Promise<T>): Promise<T> => {
    const answer = await step
    moments.push(await look())
    return answer
  }

  const { run_id } = await after(send(db, owner, chat.id))
  await after(send(db, owner, other.id, 'Elsewhere'))
  let worker = await after(claim(db, run_id))
  const first = await after(worker.openTurn())
  const usage = { input_tokens: 10, output_tokens: 4, cache_read_input_tokens: 3 }
  await after(worker.write('note_usage', { turn_id: first, usage, cost_usd: 0.25 }))
  const thinking = await after(worker.openEntry(first, 0, 'thinking'))
  await after(worker.write('append_to_entry', { entry_id: thinking, offset: 0, text: 'Hm 😀' }))
  const thought = { entry_id: thinking, data: { signature: 's' }, offset: 5, tail: ', so.' }
  await after(worker.write('close_entry', thought))
  await after(worker.say(first, 1, 'I write it.'))

  const input = { path: 'src/tasks.ts', content: 'hello' }
  const typed = await after(worker.type(first, 2))
  const text = JSON.stringify(input)
  await after(
    worker.write('append_to_entry', { entry_id: typed.entry_id, offset: 0, text: text.slice(0, 9) }),
  )
  const tail = { offset: 9, tail: text.slice(9) }
  await after(worker.write('close_tool_use', { entry_id: typed.entry_id, input, ...tail }))
  const malformed = await after(worker.type(first, 3))
  const refusal = { entry_id: malformed.entry_id, error: { type: 'malformed' }, result: 'Not JSON.' }
  await after(worker.write('refuse_tool_use', refusal))
  await after(worker.closeTurn(first, 'tool_use', { usage, cost_usd: 0.5 }))
  await after(
    worker.finish(typed.tool_call_id, [
      { kind: 'write', ...input, base_version: 0 },
      { kind: 'set_plan', items: [{ text: 'The page', state: 'doing' }] },
      { kind: 'rename_app', name: 'Tasks' },
    ]),
  )

  const waiting = await after(send(db, owner, chat.id, 'And blue'))
  const unwanted = await after(send(db, owner, chat.id, 'No'))
  await after(call(db, owner, 'edit_message', { message_id: waiting.message_id, content: 'And green' }))
  await after(call(db, owner, 'remove_message', { message_id: unwanted.message_id }))
  await after(worker.write('take_messages'))

  const cut = await after(worker.openTurn())
  await after(worker.say(cut, 0, 'Then I'))
  await after(worker.type(cut, 1, 'edit_file'))
  await after(expireLease(db, run_id))
  worker = workerOf(db, (await after(tryClaim(db, run_id)))!)

  const asking = await after(worker.openTurn())
  const tool_call_id = await after(worker.call(asking, 0, { question: 'Which?' }))
  const question_id = randomUUID()
  await after(worker.write('ask_question', { question_id, tool_call_id, prompt: { question: 'Which?' } }))
  await after(worker.closeTurn(asking, 'tool_use', { usage, cost_usd: 0.125 }))
  await after(worker.write('wait_for_person'))
  await after(call(db, owner, 'answer_question', { question_id, answer: 'Green' }))
  worker = await after(claim(db, run_id))
  const failed = { entry_id: randomUUID(), model: 'm', usage, cost_usd: 0.0625 }
  await after(worker.write('note_spending', failed))
  await after(worker.write('record_compaction', { text: 'In short.', usage, cost_usd: 0.25, model: 'm' }))
  await after(worker.write('note_fault', { error: { type: 'overloaded_error' } }))
  const last = await after(worker.openTurn())
  await after(worker.say(last, 0, 'Done.'))
  await after(worker.closeTurn(last, 'end_turn', { usage, cost_usd: null }))
  await after(worker.complete())

  const { version } = await after(save(db, owner, project.id, 'notes.md', 'by hand'))
  await after(
    call(db, owner, 'move_file', {
      project_id: project.id,
      from_path: 'notes.md',
      to_path: 'docs/notes.md',
      base_version: version,
    }),
  )
  const { checkpoints } = moments.at(-1)!.project
  await after(call(db, owner, 'restore_checkpoint', { checkpoint_id: checkpoints.at(-1)!.id }))
  const entry_id = moments.at(-1)!.chat.entries[0]!.id
  await after(call(db, owner, 'resend_from', { entry_id, content: 'Anew', client_id: randomUUID() }))
  await after(call(db, owner, 'rename_chat', { chat_id: chat.id, title: 'Green' }))
  await after(call(db, owner, 'archive_chat', { chat_id: other.id }))
  await after(call(db, owner, 'stop_run', { run_id: moments.at(-1)!.chat.run!.id }))

  const end = moments.at(-1)!
  const { events } = await call<EventPage>(db, owner, 'read_events', {
    topic,
    after_seq: 0,
    max_events: 1000,
  })
  const from = (seq: number) => events.filter((event) => event.seq > seq)
  for (const moment of moments) {
    expect(shown(from(moment.chat.seq).reduce(applyOne, moment.chat))).toEqual(shown(end.chat))
    const folded = from(moment.project.seq).reduce(applyProjectEvent, moment.project)
    expect({ ...folded, seq: 0 }).toEqual({ ...end.project, seq: 0 })
  }
})

const applyOne = (chat: ChatState, event: BatonEvent) => applyChatEvent(chat, event)

/** Only which page it is depends on when it was loaded. */
const shown = (chat: ChatState) => ({ ...chat, seq: 0, first_turn: 0 })
