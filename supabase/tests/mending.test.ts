import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BuildError, Entry, Run } from '../functions/_shared/protocol.ts'
import { buildAll, claimBuild, fault } from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { call, type Person } from './people.ts'
import { claim, readHistory, runSnapshot, save, send, settle, type Worker, writeFile } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

type Place = Awaited<ReturnType<typeof settle>>
let count = 0

/** A run that has written something, and still runs. */
async function atWork(): Promise<Place & { worker: Worker }> {
  const place = await settle(db)
  await buildAll(db)
  const { run_id } = await send(db, place.owner, place.chat.id)
  const worker = await claim(db, run_id)
  await writeFile(worker, `src/${++count}.ts`, 'broken')
  return { ...place, worker }
}

const failBuild = async (...errors: BuildError[]) => (await claimBuild(db)).fail(errors)
const runsOf = async (place: Place) =>
  await db.sql<Run[]>`select * from runs where chat_id = ${place.chat.id} order by created_at`
const lastRun = async (place: Place) => (await runsOf(place)).at(-1)!
const mendingsOf = async (place: Place) =>
  await db.sql`select try, state, reason from mendings where project_id = ${place.project.id} order by created_at`
const noticesOf = async (place: Place) =>
  (await readHistory(db, place.chat.id)).filter(({ kind }: Entry) => kind === 'notice')

/** The agent, set to work again, changes a file, and says that it is done. */
async function mendAndEnd(place: Place) {
  const worker = await claim(db, (await lastRun(place)).id)
  await writeFile(worker, `src/${++count}.ts`, 'broken still')
  await worker.complete()
}

test('a build that fails after its run is done sets the agent to work on the errors', async () => {
  const place = await atWork()
  await place.worker.complete()
  await failBuild(fault('Unexpected token', 'src/App.tsx', 12))
  const mender = await lastRun(place)
  expect(mender).toMatchObject({ state: 'queued', title: 'Mend the preview', created_by: place.owner.sub })
  const [notice] = await noticesOf(place)
  expect(notice!.text).toContain('src/App.tsx:12:1\nUnexpected token')
  expect(notice!.data).toMatchObject({ mending: { try: 1, of: 3 } })
})

test('a build that fails while its run goes on waits for the end of the run', async () => {
  const place = await atWork()
  await failBuild(fault('Unexpected token'))
  expect(await mendingsOf(place)).toHaveLength(0)
  const { next_run_id } = await place.worker.complete()
  expect(next_run_id).toBe((await lastRun(place)).id)
  expect(await mendingsOf(place)).toMatchObject([{ try: 1, state: 'running' }])
})

test('what the run itself put right is not mended', async () => {
  const place = await atWork()
  await failBuild(fault('Unexpected token'))
  await writeFile(place.worker, 'src/right.ts', 'right')
  await place.worker.complete()
  await buildAll(db)
  expect(await mendingsOf(place)).toHaveLength(0)
  expect(await runsOf(place)).toHaveLength(1)
})

test('once it builds, the mending is over', async () => {
  const place = await atWork()
  await place.worker.complete()
  await failBuild(fault('Unexpected token'))
  await mendAndEnd(place)
  await buildAll(db)
  expect(await mendingsOf(place)).toMatchObject([{ try: 1, state: 'mended' }])
  expect(await runsOf(place)).toHaveLength(2)
})

test('the same error again stops it, whatever line it is on; the chat says so, and it is escalated', async () => {
  const place = await atWork()
  await place.worker.complete()
  await failBuild(fault('Unexpected token (3:1)', 'src/App.tsx', 3))
  await mendAndEnd(place)
  await failBuild(fault('Unexpected token (9:4)', 'src/App.tsx', 9))
  expect(await mendingsOf(place)).toMatchObject([
    { try: 1, state: 'stopped', reason: 'same_error' },
    { try: 2, state: 'stopped', reason: 'same_error' },
  ])
  expect(await runsOf(place)).toHaveLength(2)
  expect((await noticesOf(place)).at(-1)).toMatchObject({
    text: expect.stringContaining('The same error came back'),
    data: { mending_stopped: { reason: 'same_error' } },
  })
  const escalations =
    await db.sql`select source, state, note from escalations where chat_id = ${place.chat.id}`
  expect([...escalations]).toEqual([{ source: 'mending', state: 'open', note: 'Unexpected token (9:4)' }])
})

/** As many runs as it takes until the same error is there again. */
async function givenUp(): Promise<Place & { run: Run; escalation_id: string }> {
  const place = await atWork()
  await place.worker.complete()
  await failBuild(fault('Unexpected token'))
  await mendAndEnd(place)
  await failBuild(fault('Unexpected token'))
  const [escalation] = await db.sql<
    { id: string }[]
  >`select id from escalations where chat_id = ${place.chat.id}`
  return { ...place, run: await lastRun(place), escalation_id: escalation!.id }
}

test('the run that gave up waits, and goes on from where it stood with the answer', async () => {
  const { owner, run, escalation_id } = await givenUp()
  expect(run).toMatchObject({
    state: 'waiting',
    reason: 'escalated',
    error: { type: 'mending', reason: 'same_error' },
    ended_at: null,
  })
  await call(db, owner, 'claim_escalation', { escalation_id })
  await call(db, owner, 'return_escalation', { escalation_id, note: 'A bracket is missing.' })
  const worker = await claim(db, run.id)
  expect(await worker.write('take_messages')).toMatchObject([{ text: 'A bracket is missing.' }])
  await worker.complete()
  const { run: ended } = await runSnapshot(db, owner, run.id)
  expect(ended).toMatchObject({ state: 'completed', error: null, stages: [{ state: 'completed' }] })
})

test('the run that gave up is complete when nobody is to come', async () => {
  const { owner, run, escalation_id } = await givenUp()
  await call(db, owner, 'cancel_escalation', { escalation_id })
  const { run: ended } = await runSnapshot(db, owner, run.id)
  expect(ended).toMatchObject({ state: 'completed', error: null, stages: [{ state: 'completed' }] })
})

test('a build that breaks for good while another run is at work holds up neither', async () => {
  const place = await atWork()
  await place.worker.complete()
  await failBuild(fault('Unexpected token'))
  const worker = await claim(db, (await lastRun(place)).id)
  await send(db, place.owner, place.chat.id, 'And make it blue')
  await worker.complete()
  expect((await runsOf(place)).map(({ state }) => state)).toEqual(['completed', 'completed', 'queued'])
  expect(await db.sql`select holds_run from escalations where chat_id = ${place.chat.id}`).toMatchObject([
    { holds_run: false },
  ])
})

test('three tries are made, and no fourth', async () => {
  const place = await atWork()
  await place.worker.complete()
  for (const letter of ['a', 'b', 'c']) {
    await failBuild(fault(`${letter} is not defined`))
    await mendAndEnd(place)
  }
  await failBuild(fault('d is not defined'))
  expect((await mendingsOf(place)).map(({ try: number, state }) => [number, state])).toEqual([
    [1, 'stopped'],
    [2, 'stopped'],
    [3, 'stopped'],
    [4, 'stopped'],
  ])
  expect(await runsOf(place)).toHaveLength(4)
  expect((await noticesOf(place)).at(-1)!.data).toMatchObject({
    mending_stopped: { reason: 'too_many_tries' },
  })
})

test('an agent that changes nothing is not asked again', async () => {
  const place = await atWork()
  await place.worker.complete()
  await failBuild(fault('Unexpected token'))
  await (await claim(db, (await lastRun(place)).id)).complete()
  expect(await mendingsOf(place)).toMatchObject([{ try: 1, state: 'stopped', reason: 'nothing_changed' }])
  expect(await runsOf(place)).toHaveLength(2)
})

test.each<[string, (place: Place & { worker: Worker }, owner: Person) => Promise<unknown>]>([
  [
    'that a person stopped',
    ({ worker }, owner) => call(db, owner, 'stop_run', { run_id: worker.lease.run_id }),
  ],
  ['that failed', ({ worker }) => worker.write('finish_run', { state: 'failed', reason: 'model' })],
  [
    'after which a person changed the files',
    async ({ worker, project }, owner) => {
      await worker.complete()
      await save(db, owner, project.id, 'src/by-hand.ts', 'x')
      await buildAll(db)
    },
  ],
])('the work of a run %s is not mended', async (_, end) => {
  const place = await atWork()
  const builder = await claimBuild(db)
  await end(place, place.owner)
  await builder.fail([fault('Unexpected token')])
  expect(await mendingsOf(place)).toHaveLength(0)
  await buildAll(db)
})

test('what a person broke by hand is theirs to mend', async () => {
  const place = await settle(db)
  await buildAll(db)
  await save(db, place.owner, place.project.id, 'src/a.ts', 'broken')
  await failBuild(fault('Unexpected token'))
  expect(await mendingsOf(place)).toHaveLength(0)
})

test('a fault of the builder is not the agent’s', async () => {
  const place = await atWork()
  await place.worker.complete()
  await (await claimBuild(db)).fail([], { reason: 'internal' })
  expect(await mendingsOf(place)).toHaveLength(0)
})

test('a build that fails in the moment in which its run ends is mended once', async () => {
  for (let round = 0; round < 10; round++) {
    const place = await atWork()
    const builder = await claimBuild(db)
    await Promise.all([place.worker.complete(), builder.fail([fault('Unexpected token')])])
    expect(await mendingsOf(place)).toMatchObject([{ try: 1, state: 'running' }])
    expect(await runsOf(place)).toHaveLength(2)
  }
})

test('a message that waits comes before mending', async () => {
  const place = await atWork()
  await failBuild(fault('Unexpected token'))
  await send(db, place.owner, place.chat.id, 'And make it blue')
  await place.worker.complete()
  expect(await mendingsOf(place)).toHaveLength(0)
  expect(await runsOf(place)).toHaveLength(2)
})
