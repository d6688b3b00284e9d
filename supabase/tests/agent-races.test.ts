/** What people and workers do to one chat at the same moment, and the order of locks under load. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entry } from '../functions/_shared/protocol.ts'
import { type Crowd, gather, outcomes, seededRandom } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import { claim, expireLease, readHistory, save, send, settle, tryClaim, workerOf } from './work.ts'

let db: Database
let crowd: Crowd
beforeAll(async () => {
  db = await createDatabase()
  crowd = await gather(db, 50)
})
afterAll(async () => {
  await crowd[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))

async function working() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id, 'first')
  const worker = workerOf(crowd, (await claim(db, run_id)).claimed)
  return { ...place, run_id, worker }
}

describe('at the same moment', () => {
  test('50 sendings of one message are one message and one run', async () => {
    const { owner, chat } = await settle(db)
    const client_id = randomUUID()
    const sent = await Promise.all(times(50, () => send(crowd, owner, chat.id, 'Hello', client_id)))
    expect(new Set(sent.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(await db.sql`select from messages where chat_id = ${chat.id}`).toHaveLength(1)
    expect(await db.sql`select from runs where chat_id = ${chat.id}`).toHaveLength(1)
  })

  test('50 messages start one run, and the others wait in its queue', async () => {
    const { owner, chat } = await settle(db)
    const sent = await Promise.all(times(50, (n) => send(crowd, owner, chat.id, `${n}`)))
    expect(new Set(sent.map(({ run_id }) => run_id)).size).toBe(1)
    expect(sent.filter(({ state }) => state === 'sent')).toHaveLength(1)
  })

  test('20 workers that are woken for one run are one worker', async () => {
    for (let round = 0; round < 5; round++) {
      const { owner, chat } = await settle(db)
      const { run_id } = await send(db, owner, chat.id)
      const claims = await Promise.all(times(20, (n) => tryClaim(crowd, n % 2 ? run_id : null)))
      expect(claims.filter((one) => one?.run.id === run_id)).toHaveLength(1)
    }
  })

  test('20 workers that look for any run share 20 of them', async () => {
    await db.sql`update runs set available_at = now() + interval '1 day' where state = 'queued'`
    const runs = await Promise.all(
      times(20, async () => {
        const { owner, chat } = await settle(db)
        return (await send(db, owner, chat.id)).run_id
      }),
    )
    const claimed: string[] = []
    const look = async () => {
      while (claimed.length < runs.length) {
        const one = await tryClaim(crowd, null)
        if (one) claimed.push(one.run.id)
      }
    }
    await Promise.all(times(5, look))
    expect(claimed.sort()).toEqual(runs.sort())
  })

  test('a stop and an end leave the run in one state, and what the loser did undone', async () => {
    for (let round = 0; round < 20; round++) {
      const { owner, run_id, worker } = await working()
      const [stopped, finished] = await Promise.all([
        outcomes([call(crowd, owner, 'stop_run', { run_id })]),
        outcomes([worker.complete()]),
      ])
      const [run] = await db.sql`select state from runs where id = ${run_id}`
      expect(stopped).toEqual({ ok: 1 })
      expect(run!.state).toBe(finished.ok ? 'completed' : 'stopped')
      expect(finished).toEqual(finished.ok ? { ok: 1 } : { BT020: 1 })
    }
  })

  test('a message and the end of the run: it is answered by that run or the next, never left behind', async () => {
    for (let round = 0; round < 20; round++) {
      const { owner, chat, worker } = await working()
      await Promise.all([send(crowd, owner, chat.id, 'second'), worker.complete()])
      expect((await readHistory(db, chat.id)).map(({ text }) => text)).toEqual(['first', 'second'])
      expect(
        await db.sql`select state from runs where chat_id = ${chat.id} order by created_at`,
      ).toMatchObject([{ state: 'completed' }, { state: 'queued' }])
    }
  })

  test('a message that is edited, removed and taken is one of them', async () => {
    for (let round = 0; round < 10; round++) {
      const { owner, chat, worker } = await working()
      const { message_id } = await send(db, owner, chat.id, 'second')
      const [taken, edited, removed] = await Promise.all([
        worker.write<Entry[]>('take_messages'),
        outcomes([call(crowd, owner, 'edit_message', { message_id, content: 'edited' })]),
        outcomes([call(crowd, owner, 'remove_message', { message_id })]),
      ])
      expect(taken.length + (removed.ok ?? 0)).toBe(1)
      const text = (await readHistory(db, chat.id))[1]?.text
      if (taken.length > 0) expect(text).toBe(edited.ok ? 'edited' : 'second')
    }
  })

  test('ten answers to one question are one, and the run goes on once', async () => {
    const { owner, worker, run_id } = await working()
    const turn = await worker.openTurn()
    const question_id = randomUUID()
    await worker.write('ask_question', { question_id, tool_call_id: await worker.call(turn, 0), prompt: {} })
    await worker.closeTurn(turn, 'tool_use')
    const answers = times(10, (n) => call(crowd, owner, 'answer_question', { question_id, answer: { n } }))
    const [results, waits] = await Promise.all([outcomes(answers), worker.write('wait_for_person')])
    expect(results).toEqual({ ok: 1, BT030: 9 })
    const [run] = await db.sql`select state from runs where id = ${run_id}`
    expect(run!.state).toBe(waits ? 'queued' : 'running')
  })

  test('a message and a run that begins to wait: the question is withdrawn, and nobody waits', async () => {
    for (let round = 0; round < 12; round++) {
      const { owner, chat, worker, run_id } = await working()
      const turn = await worker.openTurn()
      const asked = { question_id: randomUUID(), tool_call_id: await worker.call(turn, 0), prompt: {} }
      await worker.write('ask_question', asked)
      await worker.closeTurn(turn, 'tool_use')
      const [waits] = await Promise.all([
        worker.write('wait_for_person'),
        call(crowd, owner, 'send_message', { chat_id: chat.id, content: 'Blue', client_id: randomUUID() }),
      ])
      expect(await db.sql`select state from runs where id = ${run_id}`).toMatchObject([
        { state: waits ? 'queued' : 'running' },
      ])
      expect(await db.sql`select state from questions where run_id = ${run_id}`).toMatchObject([
        { state: 'dismissed' },
      ])
    }
  })

  test('ten calls that finish at once do each thing once', async () => {
    const { worker, project, planted } = await working()
    const turn = await worker.openTurn()
    const calls = []
    for (let index = 0; index < 10; index++) calls.push(await worker.call(turn, index))
    const write = (n: number) => [{ kind: 'write', path: `${n}.ts`, content: `${n}`, base_version: 0 }]
    await Promise.all(calls.flatMap((id, n) => [worker.finish(id, write(n)), worker.finish(id, write(n))]))
    const operations = await db.sql`
        select version::int from file_operations
        where project_id = ${project.id} and version > ${planted} order by 1`
    expect(operations.map(({ version }) => version)).toEqual(times(10, (n) => planted + n + 1))
  })

  test('a part that is sent twice at once is there once', async () => {
    const { worker, chat } = await working()
    const turn = await worker.openTurn()
    const entry_id = await worker.openEntry(turn, 0, 'text')
    for (let n = 0; n < 10; n++) {
      const part = { entry_id, offset: n * 3, text: 'abc' }
      await Promise.all([worker.write('append_to_entry', part), worker.write('append_to_entry', part)])
    }
    await worker.write('close_entry', { entry_id })
    expect((await readHistory(db, chat.id))[1]!.text).toBe('abc'.repeat(10))
  })
})

/** Four workers, four people and a ticker, in two chats of one project, doing whatever comes to their minds. */
test('no order in which anybody does anything ends in a deadlock, or in a log with a gap', async () => {
  const seed = Number(process.env.RACE_SEED ?? Date.now() % 1_000_000)
  const random = seededRandom(seed)
  const { owner, project, chat, topic } = await settle(db)
  const chats = [
    chat.id,
    (await call<{ id: string }>(db, owner, 'create_chat', { project_id: project.id })).id,
  ]
  const results: Promise<unknown>[] = []
  const attempt = async (act: Promise<unknown>) => {
    results.push(act)
    await act.catch(() => {})
  }
  const lastRun = async () =>
    (
      await db.sql`select id from runs where chat_id = ${chats[random(2)]!} order by created_at desc limit 1`
    )[0]?.id ?? owner.sub

  const person = async () => {
    for (let step = 0; step < 25; step++) {
      const chat_id = chats[random(2)]!
      const deeds = [
        () => send(crowd, owner, chat_id, 'more'),
        () => send(crowd, owner, chat_id, 'and more'),
        async () => call(crowd, owner, 'stop_run', { run_id: await lastRun() }),
        async () => call(crowd, owner, 'retry_run', { run_id: await lastRun() }),
        () => save(crowd, owner, project.id, `${random(5)}.ts`, `${random(1000)}`),
        () => call(crowd, owner, 'rename_project', { project_id: project.id, name: `Name ${random(9)}` }),
        async () => {
          const [last] = await db.sql`select id from checkpoints where project_id = ${project.id} limit 1`
          await call(crowd, owner, 'restore_checkpoint', { checkpoint_id: last?.id ?? owner.sub })
        },
        () => call(crowd, service, 'tick'),
        async () => expireLease(db, await lastRun()),
      ]
      await attempt(deeds[random(deeds.length)]!())
    }
  }
  const agent = async () => {
    for (let step = 0; step < 12; step++) {
      const claimed = await tryClaim(crowd, null)
      if (claimed?.project.id !== project.id) continue
      const worker = workerOf(crowd, claimed)
      await attempt(
        (async () => {
          const turn = await worker.openTurn()
          await worker.say(turn, 0, 'I write')
          const calls = [await worker.call(turn, 1), await worker.call(turn, 2), await worker.call(turn, 3)]
          const effects = [
            [{ kind: 'write', path: `${random(1000)}.ts`, content: '', base_version: 0 }],
            [{ kind: 'rename_app', name: `App ${random(9)}` }],
            [{ kind: 'set_plan', items: [] }],
          ]
          await Promise.all(calls.map((id, n) => worker.finish(id, effects[n])))
          await worker.closeTurn(turn, 'tool_use')
          await worker.write('take_messages')
          await (random(2) ? worker.complete() : worker.write('hand_over'))
        })(),
      )
    }
  }
  await Promise.all([...times(4, person), ...times(4, agent)])

  const counted = await outcomes(results)
  const known = ['ok', 'PT409', 'BT003', 'BT011', 'BT020', 'BT021', 'BT023', 'BT024', 'BT026', 'BT029']
  expect(
    Object.keys(counted).filter((code) => !known.includes(code)),
    `RACE_SEED=${seed}`,
  ).toEqual([])
  expect(counted.ok).toBeGreaterThan(50)
  const seqs = await db.sql<
    { seq: number }[]
  >`select seq::int from events where topic = ${topic} order by seq`
  expect(seqs.map(({ seq }) => seq)).toEqual(times(seqs.length, (n) => n + 1))
})
