import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SearchHit } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, signUp } from './people.ts'
import { claim, createChat, createProject, send, settle } from './work.ts'

let db: Database
let place: Awaited<ReturnType<typeof settle>>
beforeAll(async () => {
  db = await createDatabase()
  place = await settle(db)
})
afterAll(() => db[Symbol.asyncDispose]())

const search = (query: string, project_id = place.project.id, more = {}) =>
  call<SearchHit[]>(db, place.owner, 'search_chats', { project_id, query, ...more })

/** Somebody says it, in a chat of its own. */
async function said(words: string, project_id = place.project.id) {
  const chat = await createChat(db, place.owner, project_id)
  const { entry_id } = await send(db, place.owner, chat.id, words)
  return entry_id
}

const found = async (query: string) => (await search(query)).map(({ entry_id }) => entry_id)

test('words are found by their beginnings, all of them, in any order and case', async () => {
  const entry = await said('Please draw Charts of the spending')
  expect(await found('chart')).toEqual([entry])
  expect(await found('SPEND chart')).toEqual([entry])
  expect(await found('chart of nothing')).toEqual([])
})

test('a file is found by its name, its folder and its ending', async () => {
  const entry = await said('Rename src/widgets/SettingsPanel.tsx, please')
  for (const query of ['SettingsPanel.tsx', 'widgets/settingspanel', 'panel.tsx settings', 'tsx src'])
    expect(await found(query), query).toEqual(query.startsWith('panel') ? [] : [entry])
})

test('letters of other scripts are words as well', async () => {
  const entry = await said('Größe der Überschrift ändern, 見出し')
  expect(await found('größe überschrift')).toEqual([entry])
  expect(await found('見出し')).toEqual([entry])
})

test('what the model said is found when its block is whole, what was taken out is not', async () => {
  const chat = await createChat(db, place.owner, place.project.id)
  const { run_id } = await send(db, place.owner, chat.id, 'Hello')
  const worker = await claim(db, run_id)
  const turn = await worker.openTurn()
  const open = await worker.openEntry(turn, 0, 'text')
  await worker.write('append_to_entry', { entry_id: open, offset: 0, text: 'A marmalade of words' })
  expect(await found('marmalade')).toEqual([])
  await worker.write('close_entry', { entry_id: open })
  expect(await search('marmalade')).toMatchObject([
    {
      entry_id: open,
      chat_id: chat.id,
      turn: 1,
      kind: 'text',
      author: null,
      excerpt: 'A marmalade of words',
    },
  ])
  await worker.closeTurn(turn)
  await worker.complete()
  const [first] = await db.sql`select id from entries where chat_id = ${chat.id} and kind = 'message'`
  await call(db, place.owner, 'resend_from', { entry_id: first!.id, content: 'Hi', client_id: 'again' })
  expect(await found('marmalade')).toEqual([])
})

test('the excerpt is cut around the word, the best hit comes first', async () => {
  const long = await said(`${'filler '.repeat(400)} walrus ${'filler '.repeat(400)}`)
  const short = await said('walrus walrus')
  const hits = await search('walrus')
  expect(hits.map(({ entry_id }) => entry_id)).toEqual([short, long])
  expect(hits[1]!.excerpt).toMatch(/^….*walrus( filler)+/)
  expect(hits[1]!.excerpt.length).toBeLessThan(210)
})

test('nothing is found for nothing, and no punctuation breaks it', async () => {
  expect(await search('')).toEqual([])
  for (const query of ["'", '!!&|', '\\', "a'b:*", '((', ':*', '<-> foo', '%', '$1']) await search(query)
})

test('a project keeps its words to itself', async () => {
  const other = await createProject(db, place.owner, place.team.id, 'Other')
  await said('A secret pelican', other.id)
  expect(await search('pelican')).toEqual([])
  expect(await search('pelican', other.id)).toHaveLength(1)
  const stranger = await signUp(db, 'Stranger')
  const peek = call(db, stranger, 'search_chats', { project_id: place.project.id, query: 'chart' })
  await expect(peek).rejects.toMatchObject({ code: 'BT003' })
})

test('the index answers, however much others have written', async () => {
  const plan = await db.sql.begin(async (sql) => {
    await sql`set local enable_seqscan = off`
    return await sql`
      explain select from public.entries e
      where baton.searchable(e.project_id, e.text) @@ $$'@x' & 'y':*$$::tsquery
        and e.kind in ('message', 'text') and e.state = 'closed'`
  })
  expect(JSON.stringify(plan)).toContain('entries_by_their_words')
})

test('at most as many as asked for are answered', async () => {
  for (let count = 0; count < 3; count += 1) await said(`ostrich number ${count}`)
  expect(await search('ostrich', undefined, { max_hits: 2 })).toHaveLength(2)
})
