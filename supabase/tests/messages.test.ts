import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatSnapshot, Entry, SentMessage } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, join, type Person, signUp } from './people.ts'
import { claim, createChat, eventsOf, readHistory, send, settle } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

const snapshot = (self: Person, chat_id: string) => call<ChatSnapshot>(db, self, 'chat_snapshot', { chat_id })
const queue = async (self: Person, chat_id: string) =>
  (await snapshot(self, chat_id)).messages.map(({ content }) => content)
const said = async (chat_id: string) => (await readHistory(db, chat_id)).map(({ text }) => text)

async function chatWithRun() {
  const place = await settle(db)
  const first = await send(db, place.owner, place.chat.id, 'first')
  return { ...place, run_id: first.run_id, worker: await claim(db, first.run_id) }
}

describe('a message to a chat at rest', () => {
  test('is part of the conversation at once', async () => {
    const { owner, chat } = await settle(db)
    const sent = await send(db, owner, chat.id, 'Make a todo app')
    expect(sent.state).toBe('sent')
    const [entry] = await readHistory(db, chat.id)
    expect(entry).toMatchObject({
      id: sent.entry_id,
      kind: 'message',
      turn: 0,
      text: 'Make a todo app',
      author: owner.sub,
    })
    expect(entry!.data).toMatchObject({ message_id: sent.message_id, attachments: [] })
  })

  test('that comes twice is one', async () => {
    const { owner, chat, topic } = await settle(db)
    const client_id = randomUUID()
    const first = await send(db, owner, chat.id, 'Hello', client_id)
    const before = (await eventsOf(db, topic)).length
    expect(await send(db, owner, chat.id, 'Hello', client_id)).toEqual(first)
    expect(await eventsOf(db, topic)).toHaveLength(before)
  })

  test('is told apart from that of another person with the same client_id', async () => {
    const { owner, team, chat } = await settle(db)
    const mate = await signUp(db, 'Mate')
    await join(db, owner, team.id, mate, 'member')
    await send(db, owner, chat.id, 'mine', 'same')
    await send(db, mate, chat.id, 'theirs', 'same')
    expect(await queue(owner, chat.id)).toEqual(['theirs'])
  })

  test('needs words, an identity, and a chat that is not archived', async () => {
    const { owner, chat } = await settle(db)
    await expect(send(db, owner, chat.id, ' \n ')).rejects.toMatchObject({ code: 'BT004' })
    await expect(send(db, owner, chat.id, 'Hello', '')).rejects.toMatchObject({ code: 'BT004' })
    await expect(send(db, owner, chat.id, 'x'.repeat(100_001))).rejects.toMatchObject({ code: 'BT025' })
    await call(db, owner, 'archive_chat', { chat_id: chat.id })
    await expect(send(db, owner, chat.id)).rejects.toMatchObject({ code: 'BT027' })
  })

  test('may be attachments alone, of its own project', async () => {
    const { owner, chat, project } = await settle(db)
    const picture = { name: 'a.png', media_type: 'image/png', size: 10, path: `${project.id}/a.png` }
    const sendWith = (attachments: unknown) =>
      call<SentMessage>(db, owner, 'send_message', {
        chat_id: chat.id,
        content: '',
        client_id: randomUUID(),
        attachments: attachments as object,
      })
    const refused = [
      [],
      {},
      [{ ...picture, path: `${randomUUID()}/a.png` }],
      [{ ...picture, path: `${project.id}/../a.png` }],
      [{ ...picture, media_type: 'text/html; charset=utf-8' }],
      [{ ...picture, media_type: 'application/x-sh' }],
      [{ ...picture, size: 6_000_000 }],
      [{ ...picture, more: true }],
      Array.from({ length: 11 }, () => picture),
    ]
    for (const attachments of refused)
      await expect(sendWith(attachments)).rejects.toMatchObject({ code: 'BT004' })
    await sendWith([picture])
    expect((await readHistory(db, chat.id))[0]!.data).toMatchObject({ attachments: [picture] })
  })
})

describe('a message to a chat with a run', () => {
  test('waits where everybody sees it, and can be edited and removed', async () => {
    const { owner, chat, run_id } = await chatWithRun()
    const second = await send(db, owner, chat.id, 'second')
    const third = await send(db, owner, chat.id, 'third')
    expect(second).toMatchObject({ state: 'queued', run_id, entry_id: null })
    await call(db, owner, 'edit_message', { message_id: second.message_id, content: 'second, but better' })
    await call(db, owner, 'remove_message', { message_id: third.message_id })
    expect(await queue(owner, chat.id)).toEqual(['second, but better'])
    expect(await said(chat.id)).toEqual(['first'])
  })

  test('is taken by the run at its next step, in order, and cannot be changed then', async () => {
    const { owner, chat, worker, topic } = await chatWithRun()
    const { message_id } = await send(db, owner, chat.id, 'second')
    await send(db, owner, chat.id, 'third')
    const turn = await worker.openTurn()
    await expect(worker.write('take_messages')).rejects.toMatchObject({ code: 'BT023' })
    await worker.say(turn, 0, 'answer')
    await worker.closeTurn(turn)
    const before = (await eventsOf(db, topic)).length
    const taken = await worker.write<Entry[]>('take_messages')
    expect(taken.map(({ text }) => text)).toEqual(['second', 'third'])
    expect((await eventsOf(db, topic)).slice(before).map(({ payload }) => payload)).toEqual(taken)
    expect(await worker.write('take_messages')).toEqual([])
    expect(await said(chat.id)).toEqual(['first', 'answer', 'second', 'third'])
    const attempts = { edit_message: { message_id, content: 'too late' }, remove_message: { message_id } }
    for (const [name, args] of Object.entries(attempts)) {
      await expect(call(db, owner, name, args)).rejects.toMatchObject({ code: 'BT028' })
    }
  })

  test('that comes when the run is about to end starts the next one', async () => {
    const { owner, chat, worker } = await chatWithRun()
    const { message_id } = await send(db, owner, chat.id, 'second')
    const { next_run_id } = await worker.complete()
    expect(next_run_id).not.toBeNull()
    expect(await db.sql`select run_id, state from messages where id = ${message_id}`).toMatchObject([
      { run_id: next_run_id, state: 'sent' },
    ])
    expect((await snapshot(owner, chat.id)).run).toMatchObject({
      id: next_run_id,
      state: 'queued',
      title: 'second',
    })
    expect(await said(chat.id)).toEqual(['first', 'second'])
  })

  test('stays in the queue when the run is stopped, and goes before the next one', async () => {
    const { owner, chat, run_id } = await chatWithRun()
    await send(db, owner, chat.id, 'second')
    await call(db, owner, 'stop_run', { run_id })
    expect(await queue(owner, chat.id)).toEqual(['second'])
    await send(db, owner, chat.id, 'third')
    expect(await queue(owner, chat.id)).toEqual([])
    expect(await said(chat.id)).toEqual(['first', 'second', 'third'])
  })

  test('finds the queue bounded', async () => {
    const { owner, chat, worker, project } = await chatWithRun()
    await db.sql`
      insert into messages (chat_id, project_id, author, client_id, content)
      select ${chat.id}, ${project.id}, ${owner.sub}, n::text, 'more' from generate_series(1, 50) n`
    await expect(send(db, owner, chat.id)).rejects.toMatchObject({ code: 'BT011' })
    await worker.write('take_messages')
    expect(await send(db, owner, chat.id)).toMatchObject({ state: 'queued' })
  })
})

describe('sending an earlier message again', () => {
  async function talk() {
    const place = await settle(db)
    for (const words of ['one', 'two', 'three']) {
      const { run_id } = await send(db, place.owner, place.chat.id, words)
      const worker = await claim(db, run_id)
      const turn = await worker.openTurn()
      await worker.say(turn, 0, `answer to ${words}`)
      await worker.closeTurn(turn)
      await worker.complete()
    }
    return { ...place, history: await readHistory(db, place.chat.id) }
  }
  const resend = (self: Person, entry: Entry, content: string, client_id: string = randomUUID()) =>
    call<SentMessage>(db, self, 'resend_from', { entry_id: entry.id, content, client_id })

  test('takes what came after it out of the conversation, and goes on from there', async () => {
    const { owner, chat, history } = await talk()
    await resend(owner, history[2]!, 'two, but different')
    expect(await said(chat.id)).toEqual(['one', 'answer to one', 'two, but different'])
    const { entries } = await snapshot(owner, chat.id)
    expect(entries.map(({ text }) => text)).toEqual(['one', 'answer to one', 'two, but different'])
  })

  test('keeps what it took out, so that every call of the model can be replayed', async () => {
    const { owner, chat, history } = await talk()
    const asked = await readHistory(db, chat.id, { before_turn: 5 })
    const { run_id } = await resend(owner, history[2]!, 'two, but different')
    expect(await readHistory(db, chat.id, { before_turn: 5 })).toMatchObject(asked.map(({ id }) => ({ id })))
    const worker = await claim(db, run_id)
    const turn = await worker.openTurn()
    const [row] = await db.sql`select turn from turns where id = ${turn}`
    expect((await readHistory(db, chat.id, { before_turn: row!.turn })).map(({ text }) => text)).toEqual(
      await said(chat.id),
    )
  })

  test('that comes twice is one', async () => {
    const { owner, chat, history } = await talk()
    const first = await resend(owner, history[2]!, 'again', 'same')
    expect(await resend(owner, history[2]!, 'again', 'same')).toEqual(first)
    expect(await said(chat.id)).toEqual(['one', 'answer to one', 'again'])
  })

  test('is refused while a run goes on, and for what is no message of the chat any more', async () => {
    const { owner, history } = await talk()
    await expect(resend(owner, history[1]!, 'answer')).rejects.toMatchObject({ code: 'BT028' })
    const { run_id } = await resend(owner, history[2]!, 'again')
    await expect(resend(owner, history[0]!, 'again')).rejects.toMatchObject({ code: 'BT029' })
    await call(db, owner, 'stop_run', { run_id })
    await expect(resend(owner, history[4]!, 'again')).rejects.toMatchObject({ code: 'BT028' })
  })
})

test('the page of a chat begins with a whole turn, and older ones are read in pages', async () => {
  const { owner, project } = await settle(db)
  const chat = await createChat(db, owner, project.id)
  const worker = await claim(db, (await send(db, owner, chat.id, 'Talk')).run_id)
  for (let n = 0; n < 4; n++) {
    const turn = await worker.openTurn()
    for (let index = 0; index < 3; index++) await worker.say(turn, index, `${n}.${index}`)
    await worker.closeTurn(turn)
  }
  const page = await call<ChatSnapshot>(db, owner, 'chat_snapshot', { chat_id: chat.id, max_entries: 4 })
  expect(page.entries.map(({ text }) => text)).toEqual(['2.0', '2.1', '2.2', '3.0', '3.1', '3.2'])
  expect(page.more).toBe(true)
  const older = await call<ChatSnapshot>(db, owner, 'read_entries', {
    chat_id: chat.id,
    before_turn: page.entries[0]!.turn,
  })
  expect(older.entries.map(({ text }) => text)).toEqual(['Talk', '0.0', '0.1', '0.2', '1.0', '1.1', '1.2'])
  expect(older.more).toBe(false)
})
