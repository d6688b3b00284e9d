import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applyCommentEvent } from '../../src/comments/comment-changes.ts'
import type {
  BatonEvent,
  ChatSnapshot,
  Comment,
  CommentsSnapshot,
  UserSnapshot,
} from '../functions/_shared/protocol.ts'
import { gather } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { type Arguments, call, join, type Person, signUp } from './people.ts'
import { claim, comment, eventsOf, save, send, settle } from './work.ts'

let db: Database
let owner: Person
let guest: Person
let team: string
let project: string
let chat: string
let topic: string

beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  const made = await settle(db)
  owner = made.owner
  team = made.team.id
  project = made.project.id
  chat = made.chat.id
  topic = made.topic
  guest = await signUp(db, 'Guest')
  await join(db, owner, team, guest, 'member')
})

const say = (self: Person, about: Arguments, body?: string) => comment(db, self, project, about, body)
const snapshot = () => call<CommentsSnapshot>(db, owner, 'comments_snapshot', { project_id: project })
const inbox = async (person: Person) =>
  (await call<UserSnapshot>(db, person, 'user_snapshot')).notifications.map(({ kind, title, link }) => ({
    kind,
    title,
    link,
  }))
const entryOf = async (self: Person, words?: string) => (await send(db, self, chat, words)).entry_id!

describe('a thread', () => {
  test('comes with its first comment, and goes with its last', async () => {
    const first = await say(guest, {
      path: 'index.html',
      from_line: 1,
      to_line: 2,
      quote: '<!doctype html>\n',
    })
    const second = await say(owner, { thread_id: first.thread_id }, 'Because.')
    expect((await snapshot()).threads).toMatchObject([
      { path: 'index.html', from_line: 1, to_line: 2, comments: [{ body: 'Why?' }, { body: 'Because.' }] },
    ])
    await call(db, guest, 'delete_comment', { comment_id: first.id })
    expect((await snapshot()).threads).toMatchObject([{ comments: [{ id: second.id }] }])
    await call(db, owner, 'delete_comment', { comment_id: second.id })
    expect((await snapshot()).threads).toEqual([])
  })

  test('is resolved and opened again by anyone, and by answering', async () => {
    const { thread_id } = await say(guest, { path: 'index.html' })
    await call(db, owner, 'resolve_thread', { thread_id })
    expect((await snapshot()).threads).toMatchObject([{ resolved_by: owner.sub }])
    await say(guest, { thread_id }, 'Not quite.')
    expect((await snapshot()).threads).toMatchObject([{ resolved_at: null, comments: [{}, {}] }])
    await call(db, guest, 'resolve_thread', { thread_id })
    await call(db, owner, 'resolve_thread', { thread_id, resolved: false })
    expect((await eventsOf(db, topic)).map(({ kind }) => kind).slice(-5)).toEqual([
      'thread.opened',
      'thread.resolved',
      'thread.reopened',
      'thread.resolved',
      'thread.reopened',
    ])
  })

  test('goes with its file when that is moved', async () => {
    const { version } = await save(db, owner, project, 'old name.ts', 'export {}')
    await say(guest, { path: 'old name.ts' })
    await call(db, owner, 'move_file', {
      project_id: project,
      from_path: 'old name.ts',
      to_path: 'new.ts',
      base_version: version,
    })
    expect((await snapshot()).threads).toMatchObject([{ path: 'new.ts' }])
  })

  test('about what left the conversation is not shown', async () => {
    const entry = await entryOf(guest)
    await say(guest, { entry_id: entry })
    const [run] = await db.sql<{ id: string }[]>`select id from runs where chat_id = ${chat}`
    await call(db, owner, 'stop_run', { run_id: run!.id })
    await call(db, guest, 'resend_from', { entry_id: entry, content: 'Again', client_id: randomUUID() })
    expect((await snapshot()).threads).toEqual([])
  })
})

describe('refused are', () => {
  const about = { path: 'index.html' }
  test.each<[string, Arguments, string]>([
    ['an empty comment', { ...about, body: '  ' }, 'BT004'],
    ['one that is too long', { ...about, body: 'a'.repeat(10_001) }, 'BT025'],
    ['one about nothing', {}, 'BT004'],
    ['one about two things', { ...about, entry_id: randomUUID() }, 'BT004'],
    ['lines that end before they begin', { ...about, from_line: 3, to_line: 2, quote: '' }, 'BT004'],
    ['lines without their text', { ...about, from_line: 3, to_line: 3 }, 'BT004'],
    ['a file that is not there', { path: 'nowhere.ts' }, 'BT003'],
    ['an entry that is not there', { entry_id: randomUUID() }, 'BT003'],
    ['a thread that is not there', { thread_id: randomUUID() }, 'BT003'],
  ])('%s', async (_, args, code) => {
    const comment = { project_id: project, body: 'Why?', client_id: randomUUID(), ...args }
    await expect(call(db, guest, 'add_comment', comment)).rejects.toMatchObject({ code })
  })

  test('a thread of another project', async () => {
    const { thread_id } = await say(guest, about)
    const other = await settle(db)
    const args = { project_id: other.project.id, body: 'Hm', client_id: '1', thread_id }
    await expect(call(db, other.owner, 'add_comment', args)).rejects.toMatchObject({ code: 'BT003' })
  })

  test('changes of what somebody else said', async () => {
    const { id } = await say(guest, about)
    const edit = call(db, owner, 'edit_comment', { comment_id: id, body: 'Yes!' })
    await expect(edit).rejects.toMatchObject({ code: 'BT002' })
    await expect(call(db, owner, 'delete_comment', { comment_id: id })).rejects.toMatchObject({
      code: 'BT002',
    })
  })

  test('comments in an archived project', async () => {
    await call(db, owner, 'archive_project', { project_id: project })
    await expect(say(guest, about)).rejects.toMatchObject({ code: 'BT027' })
  })
})

describe('a mention', () => {
  test('in a message tells the person, with the place', async () => {
    const entry = await entryOf(owner, 'Look at this, @guest!')
    expect(await inbox(guest)).toEqual([
      {
        kind: 'mention',
        title: 'Owner mentioned you in “Chat”',
        link: `/p/${project}/c/${chat}?entry=${entry}`,
      },
    ])
    const { entries } = await call<ChatSnapshot>(db, guest, 'chat_snapshot', { chat_id: chat })
    expect(entries[0]!.data.mentions).toEqual([{ user_id: guest.sub, name: 'Guest' }])
  })

  test('in a message that is sent by many at once with the same identity tells once', async () => {
    await using crowd = await gather(db, 6)
    const client_id = randomUUID()
    await Promise.all(Array.from({ length: 6 }, () => send(crowd, owner, chat, 'Hello @Guest', client_id)))
    expect(await inbox(guest)).toHaveLength(1)
  })

  test('in a waiting message leads to it by its own id, and editing tells only who is new', async () => {
    await entryOf(owner)
    const third = await signUp(db, 'Third')
    await join(db, owner, team, third, 'member')
    const { message_id } = await send(db, owner, chat, '@Guest, wait')
    expect(await inbox(guest)).toMatchObject([{ link: `/p/${project}/c/${chat}?entry=${message_id}` }])
    await call(db, owner, 'edit_message', { message_id, content: '@Guest and @Third, wait' })
    expect(await inbox(guest)).toHaveLength(1)
    expect(await inbox(third)).toHaveLength(1)
  })

  test.each([
    ['of oneself', 'I, @Owner, did it'],
    ['in an address', 'write to me@Guest'],
    ['that goes on as another word', 'all the @Guests'],
  ])('%s tells nobody', async (_, words) => {
    await entryOf(owner, words)
    expect([...(await inbox(guest)), ...(await inbox(owner))]).toEqual([])
  })

  test('of somebody outside of the team tells nobody', async () => {
    const stranger = await signUp(db, 'Stranger')
    await entryOf(owner, 'Hello @Stranger')
    expect(await inbox(stranger)).toEqual([])
  })

  test('of a long name is not one of the name that it begins with', async () => {
    const longer = await signUp(db, 'Guest (2) of honour', { email: 'honour@people.test' })
    await join(db, owner, team, longer, 'member')
    await entryOf(owner, 'Welcome @guest (2) of honour.')
    expect(await inbox(longer)).toHaveLength(1)
    expect(await inbox(guest)).toEqual([])
  })
})

describe('a comment tells', () => {
  test('who wrote the message, who spoke before, and, as a mention, who is named', async () => {
    const entry = await entryOf(owner)
    const { thread_id } = await say(guest, { entry_id: entry })
    const link = `/p/${project}/c/${chat}?entry=${entry}&thread=${thread_id}`
    expect(await inbox(owner)).toEqual([{ kind: 'comment', title: 'Guest commented in “Chat”', link }])
    await say(owner, { thread_id }, 'Ask @Guest.')
    expect(await inbox(guest)).toEqual([{ kind: 'mention', title: 'Owner mentioned you in “Chat”', link }])
  })

  test('of the same thread once, as long as it was not read', async () => {
    const { thread_id } = await say(owner, { path: 'index.html' })
    await say(guest, { thread_id })
    await say(guest, { thread_id })
    expect(await inbox(owner)).toHaveLength(1)
  })

  test('where it is, line and all', async () => {
    const path = 'src/ä b.ts'
    await save(db, owner, project, path, 'one\ntwo')
    await say(guest, { path, from_line: 2, quote: 'two' }, '@Owner')
    expect((await inbox(owner))[0]!.link).toMatch(
      new RegExp(`^/p/${project}\\?tab=code&file=src/%C3%A4%20b.ts&line=2&thread=`),
    )
  })

  test('once, however often it is sent at once', async () => {
    await using crowd = await gather(db, 6)
    const args = { project_id: project, body: 'Hm @Guest', client_id: randomUUID(), path: 'index.html' }
    const said = await Promise.all(
      Array.from({ length: 6 }, () => call<Comment>(crowd, owner, 'add_comment', args)),
    )
    expect(new Set(said.map(({ id }) => id)).size).toBe(1)
    expect((await snapshot()).threads).toMatchObject([{ comments: [{}] }])
    expect(await inbox(guest)).toHaveLength(1)
  })
})

test('people who comment on each other at once hold up nobody', async () => {
  await using crowd = await gather(db, 8)
  const { thread_id } = await say(owner, { path: 'index.html' })
  const { version } = await save(db, owner, project, 'a.ts', '')
  const deeds = Array.from({ length: 24 }, (_, index) => {
    const self = index % 2 ? owner : guest
    if (index % 8 === 6) return call(crowd, self, 'resolve_thread', { thread_id })
    if (index % 8 === 7) return send(crowd, self, chat, '@Guest @Owner')
    if (index === 5) {
      const move = { project_id: project, from_path: 'a.ts', to_path: 'b.ts', base_version: version }
      return call(crowd, self, 'move_file', move)
    }
    return comment(crowd, self, project, { thread_id }, '@Guest and @Owner')
  })
  expect((await Promise.allSettled(deeds)).filter(({ status }) => status === 'rejected')).toEqual([])
})

test('a snapshot and the events after it add up to any later snapshot', async () => {
  const entry = await entryOf(owner)
  const { version } = await save(db, owner, project, 'a.ts', 'one')
  const before = await snapshot()
  const first = await say(guest, { entry_id: entry })
  const second = await say(owner, { path: 'a.ts', from_line: 1, quote: 'one' })
  await say(guest, { thread_id: second.thread_id })
  const move = { project_id: project, from_path: 'a.ts', to_path: 'b.ts', base_version: version }
  await call(db, owner, 'move_file', move)
  await call(db, guest, 'resolve_thread', { thread_id: second.thread_id })
  await call(db, guest, 'edit_comment', { comment_id: first.id, body: 'Why not?' })
  await call(db, owner, 'delete_comment', { comment_id: second.id })
  const gone = await say(guest, { path: 'index.html' })
  await call(db, guest, 'delete_comment', { comment_id: gone.id })
  const events = (await eventsOf(db, topic, before.seq)) as unknown as BatonEvent[]
  expect(events.reduce(applyCommentEvent, before).threads).toEqual((await snapshot()).threads)
})

test('a run takes a message with its mentions, which the model never hears of', async () => {
  const { run_id } = await send(db, owner, chat, 'Hello @Guest')
  const worker = await claim(db, run_id)
  const [entry] = await call<{ data: object; text: string }[]>(db, { role: 'service_role' }, 'read_history', {
    chat_id: chat,
  })
  expect(entry).toMatchObject({ text: 'Hello @Guest' })
  await worker.complete()
})
