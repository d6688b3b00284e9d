import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatSnapshot, Entry, RunRows, TurnEnding } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import { claim, eventsOf, expireLease, readHistory, runSnapshot, send, settle, type Worker } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

async function working() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id)
  return { ...place, run_id, worker: await claim(db, run_id) }
}

const kinds = async (chat_id: string) => (await readHistory(db, chat_id)).map(({ kind }) => kind)
const allEntries = async (chat_id: string) =>
  [
    ...(await db.sql<{ kind: string; text: string; state: string; in_history: boolean }[]>`
    select kind, text, state, in_history from entries where chat_id = ${chat_id} order by turn, index`),
  ].slice(1)

describe('an entry', () => {
  test('grows by parts, and a part that comes twice is there once', async () => {
    const { worker, chat, topic } = await working()
    const turn = await worker.openTurn()
    const entry_id = await worker.openEntry(turn, 0, 'text')
    const append = (offset: number, text: string) =>
      worker.write('append_to_entry', { entry_id, offset, text })
    expect(await append(0, 'Smile 😀')).toBe('Smile 😀'.length)
    expect(await append(8, '! é')).toBe(11)
    expect(await append(0, 'Smile 😀')).toBe(11)
    expect(await append(8, '! é')).toBe(11)
    await worker.write('close_entry', { entry_id })
    expect(await append(8, '! é')).toBe(11)
    expect((await readHistory(db, chat.id))[1]).toMatchObject({ text: 'Smile 😀! é', state: 'closed' })
    const told = (await eventsOf(db, topic)).filter(({ kind }) => kind === 'entry.appended')
    expect(told.map(({ payload }) => payload.text).join('')).toBe('Smile 😀! é')
  })

  test('closes with what was said last, at the place where it was said', async () => {
    const { worker, chat, topic } = await working()
    const entry_id = await worker.openEntry(await worker.openTurn(), 0, 'text')
    await worker.write('append_to_entry', { entry_id, offset: 0, text: 'Smile 😀' })
    const end = { entry_id, tail: '!' }
    await expect(worker.write('close_entry', { ...end, offset: 7 })).rejects.toMatchObject({ code: 'BT022' })
    await expect(worker.write('close_entry', { ...end, offset: 9 })).rejects.toMatchObject({ code: 'BT022' })
    for (let n = 0; n < 2; n++) await worker.write('close_entry', { ...end, offset: 8 })
    expect((await readHistory(db, chat.id))[1]).toMatchObject({ text: 'Smile 😀!', state: 'closed' })
    const closings = (await eventsOf(db, topic)).filter(({ kind }) => kind === 'entry.closed')
    expect(closings.map(({ payload }) => payload)).toMatchObject([{ tail: '!' }])
  })

  test('takes nothing that is not at its end, differs from what is there, or comes when it is closed', async () => {
    const { worker } = await working()
    const turn = await worker.openTurn()
    const entry_id = await worker.openEntry(turn, 0, 'text')
    const append = (offset: number, text: string) =>
      worker.write('append_to_entry', { entry_id, offset, text })
    await append(0, 'abc')
    for (const [offset, text] of [
      [0, 'abd'],
      [1, 'bc'],
      [4, 'd'],
    ] as const) {
      await expect(append(offset, text)).rejects.toMatchObject({ code: 'BT022' })
    }
    await worker.write('close_entry', { entry_id })
    await expect(append(3, 'd')).rejects.toMatchObject({ code: 'BT022' })
  })

  test('is seen as far as it came, while it grows', async () => {
    const { worker, chat, owner } = await working()
    const entry_id = await worker.openEntry(await worker.openTurn(), 0, 'text')
    await worker.write('append_to_entry', { entry_id, offset: 0, text: 'so far' })
    const { entries } = await call<{ entries: Entry[] }>(db, owner, 'chat_snapshot', { chat_id: chat.id })
    expect(entries[1]).toMatchObject({ text: 'so far', state: 'open' })
    expect(await kinds(chat.id)).toEqual(['message'])
  })

  test('that is opened or closed twice is told once', async () => {
    const { worker, topic } = await working()
    const turn = await worker.openTurn()
    const entry_id = randomUUID()
    const before = (await eventsOf(db, topic)).length
    for (let n = 0; n < 2; n++)
      await worker.write('open_entry', { entry_id, turn_id: turn, index: 0, kind: 'text' })
    for (let n = 0; n < 2; n++) await worker.write('close_entry', { entry_id, data: { a: 1 } })
    expect((await eventsOf(db, topic)).slice(before).map(({ kind }) => kind)).toEqual([
      'entry.opened',
      'entry.closed',
    ])
  })

  test('needs an open turn of its own run', async () => {
    const mine = await working()
    const theirs = await working()
    const turn = await theirs.worker.openTurn()
    await expect(mine.worker.openEntry(turn, 0, 'text')).rejects.toMatchObject({ code: 'BT023' })
    const entry_id = await theirs.worker.openEntry(turn, 0, 'text')
    await expect(mine.worker.write('close_entry', { entry_id })).rejects.toMatchObject({ code: 'BT023' })
    const appending = mine.worker.write('append_to_entry', { entry_id, offset: 0, text: 'a' })
    await expect(appending).rejects.toMatchObject({ code: 'BT022' })
    await theirs.worker.closeTurn(turn)
    await expect(theirs.worker.openEntry(turn, 1, 'text')).rejects.toMatchObject({ code: 'BT023' })
  })

  test('is refused before the one that the model wrote before it has arrived and ended', async () => {
    const { worker } = await working()
    const turn = await worker.openTurn()
    const outOfOrder = { code: 'BT023', message: expect.stringContaining('before this one has not ended') }
    await expect(worker.openEntry(turn, 1, 'text')).rejects.toMatchObject(outOfOrder)
    const first = await worker.openEntry(turn, 0, 'text')
    await expect(worker.openEntry(turn, 1, 'text')).rejects.toMatchObject(outOfOrder)
    await worker.write('close_entry', { entry_id: first })
    await worker.openEntry(turn, 1, 'text')
  })

  test('that was lost on its way keeps the turn from ending as if there had been none', async () => {
    const { worker } = await working()
    const turn = await worker.openTurn()
    await worker.say(turn, 0, 'First.')
    const lost = worker.closeTurn(turn, 'end_turn', { blocks: 2 })
    await expect(lost).rejects.toMatchObject({
      code: 'BT023',
      message: expect.stringContaining('Not all blocks'),
    })
    await worker.say(turn, 1, 'Second.')
    expect(await worker.closeTurn(turn, 'end_turn', { blocks: 2 })).toMatchObject({ state: 'closed' })
  })

  test('without a visible character is not sent to the model', async () => {
    const { worker, chat } = await working()
    const turn = await worker.openTurn()
    await worker.say(turn, 0, ' \n')
    await worker.say(turn, 1, 'Hello')
    await worker.closeTurn(turn)
    expect((await readHistory(db, chat.id)).map(({ text }) => text)).toEqual(['Make a todo app', 'Hello'])
  })
})

describe('a turn', () => {
  test('takes the next number, and another one begins only when it and its calls have ended', async () => {
    const { worker, topic } = await working()
    const turn = await worker.openTurn()
    await expect(worker.openTurn()).rejects.toMatchObject({ code: 'BT023' })
    const running = await worker.call(turn, 0)
    await worker.closeTurn(turn, 'tool_use')
    await expect(worker.openTurn()).rejects.toMatchObject({ code: 'BT023' })
    await worker.finish(running)
    await worker.openTurn()
    const opened = (await eventsOf(db, topic)).filter(({ kind }) => kind === 'turn.opened')
    expect(opened.map(({ payload }) => payload.turn)).toEqual([1, 2])
  })

  test('that is opened or closed twice is one', async () => {
    const { worker, owner, run_id } = await working()
    const args = {
      turn_id: randomUUID(),
      stage_id: worker.claimed.stage.id,
      model: 'm',
      request_hash: 'h',
      request_meta: {},
    }
    expect(await worker.write('open_turn', args)).toBe(1)
    expect(await worker.write('open_turn', args)).toBe(1)
    await worker.say(args.turn_id, 0, 'Hello')
    const close = () =>
      worker.closeTurn(args.turn_id, 'max_tokens', {
        usage: { input_tokens: 3 },
        cost_usd: 0.5,
        notice: 'Go on.',
      })
    const first = await close()
    expect(first).toMatchObject({ state: 'closed', ends_with: 'text', notice: { text: 'Go on.' } })
    expect(await close()).toEqual(first)
    expect((await runSnapshot(db, owner, run_id)).run.cost_usd).toBe(0.5)
  })

  test('that ends well counts its usage once, in usage, stage and run', async () => {
    const { worker, owner, run_id, chat } = await working()
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 7,
    }
    for (let n = 0; n < 2; n++) {
      const turn = await worker.openTurn()
      await worker.write('note_usage', { turn_id: turn, usage: { input_tokens: 10 }, cost_usd: 0.1 })
      await worker.say(turn, 0, 'Hello')
      await worker.closeTurn(turn, 'end_turn', { usage, cost_usd: 0.25 })
      await worker.write('add_notice', { text: 'More' })
    }
    const { run } = await runSnapshot(db, owner, run_id)
    const sum = { input_tokens: 234, output_tokens: 10, cost_usd: 0.5 }
    expect(run).toMatchObject({ ...sum, stages: [sum] })
    const snapshot = await call<object>(db, owner, 'chat_snapshot', { chat_id: chat.id })
    expect(snapshot).toMatchObject({
      usage: {
        input_tokens: 20,
        output_tokens: 10,
        cache_read_tokens: 200,
        cache_write_tokens: 14,
        cost_usd: 0.5,
      },
    })
  })

  test('whose worker died has cost what was known', async () => {
    const { worker, owner, run_id } = await working()
    const turn = await worker.openTurn()
    await worker.write('note_usage', { turn_id: turn, usage: { input_tokens: 10 }, cost_usd: 0.125 })
    await expireLease(db, run_id)
    await claim(db, run_id)
    expect((await runSnapshot(db, owner, run_id)).run).toMatchObject({ input_tokens: 10, cost_usd: 0.125 })
  })

  test('counts for the budget although it came to nothing, as a failed compaction does, until somebody speaks', async () => {
    const { worker, owner, run_id, chat } = await working()
    const spent = async () => (await worker.write<RunRows>('run_rows')).spent_usd
    const turn = await worker.openTurn()
    await worker.write('note_usage', { turn_id: turn, usage: { input_tokens: 10 }, cost_usd: 0.125 })
    expect(await worker.closeTurn(turn, 'cut', { error: { type: 'stream_cut' } })).toMatchObject({
      state: 'abandoned',
    })
    expect(await spent()).toBe(0.125)
    const failed = { entry_id: randomUUID(), model: 'm', usage: { input_tokens: 5 }, cost_usd: 0.25 }
    for (let n = 0; n < 2; n++) await worker.write('note_spending', failed)
    expect(await spent()).toBe(0.375)
    expect((await runSnapshot(db, owner, run_id)).run).toMatchObject({ input_tokens: 15, cost_usd: 0.375 })
    await send(db, owner, chat.id, 'Go on')
    await worker.write('take_messages')
    expect(await spent()).toBe(0)
  })

  test('whose price is not known costs nothing that is known, and the sums say that they are not whole', async () => {
    const { worker, owner, run_id, chat } = await working()
    const costs = async () => {
      const { run } = await runSnapshot(db, owner, run_id)
      const { usage } = await call<ChatSnapshot>(db, owner, 'chat_snapshot', { chat_id: chat.id })
      return [run, run.stages[0]!, usage].map(({ cost_usd, cost_is_partial }) => ({
        cost_usd,
        cost_is_partial,
      }))
    }
    for (const { cost_usd, sum } of [
      { cost_usd: 0.25, sum: { cost_usd: 0.25, cost_is_partial: false } },
      { cost_usd: null, sum: { cost_usd: 0.25, cost_is_partial: true } },
      { cost_usd: 0.5, sum: { cost_usd: 0.75, cost_is_partial: true } },
    ]) {
      const turn = await worker.openTurn()
      await worker.say(turn, 0, 'Hello')
      await worker.closeTurn(turn, 'end_turn', { usage: { input_tokens: 1 }, cost_usd })
      await worker.write('add_notice', { text: 'More' })
      expect(await costs()).toEqual([sum, sum, sum])
    }
    const used = await db.sql`select cost_usd::float8 from usage where run_id = ${run_id} order by at`
    expect(used.map(({ cost_usd }) => cost_usd)).toEqual([0.25, null, 0.5])
  })
})

/** What was streamed when it was cut, what the model is sent of it, and what the turn became. */
const CUTS: {
  name: string
  stream: (worker: Worker, turn: string) => Promise<unknown>
  history: string[]
  ending: Pick<TurnEnding, 'state' | 'ends_with'>
}[] = [
  {
    name: 'before the first block',
    stream: async () => {},
    history: [],
    ending: { state: 'abandoned', ends_with: null },
  },
  {
    name: 'in thinking',
    stream: (worker, turn) => openWith(worker, turn, 0, 'thinking', 'Hm'),
    history: [],
    ending: { state: 'abandoned', ends_with: null },
  },
  {
    name: 'after thinking',
    stream: (worker, turn) => think(worker, turn, 0),
    history: [],
    ending: { state: 'abandoned', ends_with: null },
  },
  {
    name: 'in a text that is empty',
    stream: async (worker, turn) => {
      await think(worker, turn, 0)
      await worker.openEntry(turn, 1, 'text')
    },
    history: [],
    ending: { state: 'abandoned', ends_with: null },
  },
  {
    name: 'in a text',
    stream: async (worker, turn) => {
      await think(worker, turn, 0)
      await openWith(worker, turn, 1, 'text', 'Half')
    },
    history: ['thinking', 'text', 'notice'],
    ending: { state: 'closed', ends_with: 'text' },
  },
  {
    name: 'in thinking after a text',
    stream: async (worker, turn) => {
      await worker.say(turn, 0, 'Well')
      await think(worker, turn, 1)
      await openWith(worker, turn, 2, 'thinking', 'Hm')
    },
    history: ['text', 'notice'],
    ending: { state: 'closed', ends_with: 'text' },
  },
  {
    name: 'in the input of a call',
    stream: async (worker, turn) => {
      await worker.say(turn, 0, 'I write')
      const { entry_id } = await worker.type(turn, 1)
      await worker.write('append_to_entry', { entry_id, offset: 0, text: '{"path": "a' })
    },
    history: ['text', 'notice'],
    ending: { state: 'closed', ends_with: 'text' },
  },
  {
    name: 'in the input of a second call',
    stream: async (worker, turn) => {
      await worker.call(turn, 0)
      await worker.type(turn, 1)
    },
    history: ['tool_use'],
    ending: { state: 'closed', ends_with: 'tool_use' },
  },
  {
    name: 'in a text after a call',
    stream: async (worker, turn) => {
      await worker.call(turn, 0)
      await openWith(worker, turn, 1, 'text', 'And')
    },
    history: ['tool_use', 'text', 'notice'],
    ending: { state: 'closed', ends_with: 'text' },
  },
]

async function openWith(worker: Worker, turn: string, index: number, kind: string, text: string) {
  const entry_id = await worker.openEntry(turn, index, kind)
  await worker.write('append_to_entry', { entry_id, offset: 0, text })
  return entry_id
}

async function think(worker: Worker, turn: string, index: number) {
  const entry_id = await openWith(worker, turn, index, 'thinking', 'Let me see')
  await worker.write('close_entry', { entry_id, data: { signature: 'signed' } })
}

describe('a stream that is cut', () => {
  const cut = { type: 'connection', message: 'The stream was cut.' }

  test.for(CUTS)('$name leaves a valid history', async ({ stream, history, ending }) => {
    const { worker, chat } = await working()
    const turn = await worker.openTurn()
    await stream(worker, turn)
    const answer = await worker.closeTurn(turn, 'cut', { error: cut })
    expect(answer).toMatchObject(ending)
    expect(answer.notice !== null).toBe(history.includes('notice'))
    expect(await kinds(chat.id)).toEqual(['message', ...history])
    expect((await allEntries(chat.id)).filter(({ state }) => state === 'open')).toEqual([])
  })

  test.for(CUTS)(
    '$name by the death of its worker comes to the same',
    async ({ stream, history, ending }) => {
      const { worker, chat, run_id, owner } = await working()
      const turn = await worker.openTurn()
      await stream(worker, turn)
      await expireLease(db, run_id)
      await claim(db, run_id)
      expect(await kinds(chat.id)).toEqual(['message', ...history])
      expect((await runSnapshot(db, owner, run_id)).turns).toMatchObject([
        { state: ending.state, stop_reason: 'interrupted', error: { type: 'interrupted' } },
      ])
      expect((await allEntries(chat.id)).filter(({ state }) => state === 'open')).toEqual([])
    },
  )

  test('still shows what is not sent, and cancels the call that was being typed', async () => {
    const { worker, chat } = await working()
    const turn = await worker.openTurn()
    const thought = await openWith(worker, turn, 0, 'thinking', 'Hm, let me')
    await worker.write('close_entry', { entry_id: thought })
    const { entry_id, tool_call_id } = await worker.type(turn, 1)
    await worker.write('append_to_entry', { entry_id, offset: 0, text: '{"path": "a' })
    await worker.closeTurn(turn, 'cut', { error: cut })
    expect(await allEntries(chat.id)).toEqual([
      { kind: 'thinking', text: 'Hm, let me', state: 'closed', in_history: false },
      { kind: 'tool_use', text: '{"path": "a', state: 'closed', in_history: false },
    ])
    expect(await db.sql`select state from tool_calls where id = ${tool_call_id}`).toMatchObject([
      { state: 'cancelled' },
    ])
    expect(
      await db.sql`select from entry_parts p join entries e on e.id = p.entry_id where chat_id = ${chat.id}`,
    ).toEqual([])
  })

  test('is told in one event with the entries that it changed', async () => {
    const { worker, topic } = await working()
    const turn = await worker.openTurn()
    const entry_id = await openWith(worker, turn, 0, 'thinking', 'Hm')
    await worker.closeTurn(turn, 'cut', { error: cut })
    const [closed] = (await eventsOf(db, topic)).filter(({ kind }) => kind === 'turn.closed')
    expect(closed!.payload).toMatchObject({
      state: 'abandoned',
      error: cut,
      entries: [{ id: entry_id, in_history: false }],
    })
  })
})

describe('a compaction', () => {
  async function compacted() {
    const place = await working()
    for (const words of ['one', 'two']) {
      const turn = await place.worker.openTurn()
      await place.worker.say(turn, 0, words)
      await place.worker.closeTurn(turn)
      await place.worker.write('add_notice', { text: `more than ${words}` })
    }
    return place
  }
  const texts = async (chat_id: string, range = {}) =>
    (await readHistory(db, chat_id, range)).map(({ text }) => text)

  test('stands for all that came before, which people still see', async () => {
    const { worker, chat, owner } = await compacted()
    await worker.write('record_compaction', { text: 'It was about numbers.' })
    await worker.write('add_notice', { text: 'Go on' })
    expect(await texts(chat.id)).toEqual(['It was about numbers.', 'Go on'])
    const { entries } = await call<{ entries: Entry[] }>(db, owner, 'chat_snapshot', { chat_id: chat.id })
    expect(entries).toHaveLength(7)
  })

  test('may keep the last turns word for word, behind it', async () => {
    const { worker, chat } = await compacted()
    await worker.write('record_compaction', { text: 'Summary.', keeps_from: 3 })
    expect(await texts(chat.id)).toEqual(['Summary.', 'two', 'more than two'])
    expect(await texts(chat.id, { before_turn: 3 })).toEqual(['Make a todo app', 'one', 'more than one'])
    await worker.write('record_compaction', { text: 'Shorter.' })
    expect(await texts(chat.id)).toEqual(['Shorter.'])
  })

  test('costs like a turn, in usage, stage and run, and once however often it is told', async () => {
    const { worker, owner, chat, run_id, topic } = await compacted()
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 7,
    }
    const entry_id = randomUUID()
    const record = () =>
      worker.write<Entry>('record_compaction', { text: 'Short.', entry_id, model: 'm', usage, cost_usd: 0.5 })
    const first = await record()
    expect(first).toMatchObject({
      id: entry_id,
      kind: 'compaction',
      text: 'Short.',
      data: { model: 'm', usage },
    })
    const before = await eventsOf(db, topic)
    expect(await record()).toEqual(first)
    expect(await eventsOf(db, topic)).toHaveLength(before.length)

    const sum = { input_tokens: 117, output_tokens: 5, cost_usd: 0.5, cost_is_partial: false }
    const { run } = await runSnapshot(db, owner, run_id)
    expect(run).toMatchObject({ ...sum, stages: [sum] })
    expect(before.at(-1)).toMatchObject({ kind: 'run.changed', payload: sum })
    const snapshot = await call<ChatSnapshot>(db, owner, 'chat_snapshot', { chat_id: chat.id })
    expect(snapshot.usage).toMatchObject({ input_tokens: 10, cache_read_tokens: 100, cost_usd: 0.5 })
    const used = await db.sql`select turn_id, entry_id, model, role from usage where run_id = ${run_id}`
    expect([...used]).toEqual([{ turn_id: null, entry_id, model: 'm', role: 'developer' }])
  })

  test('waits until turn and calls have ended', async () => {
    const { worker } = await compacted()
    await worker.openTurn()
    for (const name of ['record_compaction', 'add_notice']) {
      await expect(worker.write(name, { text: 'No' })).rejects.toMatchObject({ code: 'BT023' })
    }
  })
})

test('the history can be read in increments', async () => {
  const { worker, chat } = await working()
  const all = async (after_turn: number) =>
    await call<Entry[]>(db, service, 'read_history', { chat_id: chat.id, after_turn })
  const turn = await worker.openTurn()
  await worker.say(turn, 0, 'Hello')
  await worker.closeTurn(turn)
  expect((await all(0)).map(({ text }) => text)).toEqual(['Hello'])
  expect(await all(1)).toEqual([])
})
