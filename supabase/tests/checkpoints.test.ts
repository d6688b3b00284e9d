import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Checkpoint, ProjectSnapshot } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, type Person } from './people.ts'
import { claim, eventsOf, save, send, settle, writeFile } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

const restore = (self: Person, { id }: { id: string }) =>
  call<Checkpoint>(db, self, 'restore_checkpoint', { checkpoint_id: id })
const checkpoints = async (self: Person, project_id: string) =>
  (await call<ProjectSnapshot>(db, self, 'project_snapshot', { project_id })).checkpoints
/** Of what the template does not have. */
const contents = async (project_id: string) =>
  Object.fromEntries(
    (
      await db.sql<{ path: string; content: string }[]>`
        select path, content from files join blobs using (project_id, hash)
        where project_id = ${project_id} and path not in (select path from baton.template_files) order by path`
    ).map(({ path, content }) => [path, content]),
  )

async function projectWithTwoTurns() {
  const place = await settle(db)
  const { run_id } = await send(db, place.owner, place.chat.id, 'Make a todo app')
  const worker = await claim(db, run_id)
  const first = await writeFile(worker, 'a.ts', 'one')
  const second = await writeFile(worker, 'src/b.ts', 'two')
  await worker.complete()
  const made = await checkpoints(place.owner, place.project.id)
  return { ...place, run_id, first, second, made }
}

test('each turn that wrote files ends in a checkpoint, once', async () => {
  const { made, run_id, first, second, topic, planted, owner } = await projectWithTwoTurns()
  expect(made).toMatchObject([
    { version: planted + 2, turn_id: second.turn, run_id, label: 'Make a todo app' },
    { version: planted + 1, turn_id: first.turn, run_id },
    { version: planted, turn_id: null, run_id: null, created_by: owner.sub },
  ])
  const told = (await eventsOf(db, topic)).filter(({ kind }) => kind === 'checkpoint.made')
  expect(told.map(({ payload }) => payload)).toEqual([...made].reverse())
})

test('a turn that wrote nothing makes none', async () => {
  const { owner, project, chat } = await settle(db)
  const worker = await claim(db, (await send(db, owner, chat.id)).run_id)
  const turn = await worker.openTurn()
  await worker.say(turn, 0, 'Hello')
  await worker.closeTurn(turn)
  await worker.complete()
  expect(await checkpoints(owner, project.id)).toMatchObject([{ label: 'Template' }])
})

test('what was written before a stop is in a checkpoint', async () => {
  const { owner, project, chat, planted } = await settle(db)
  const { run_id } = await send(db, owner, chat.id)
  const worker = await claim(db, run_id)
  const { turn } = await writeFile(worker, 'a.ts', 'one')
  await call(db, owner, 'stop_run', { run_id })
  expect(await checkpoints(owner, project.id)).toMatchObject([
    { version: planted + 1, turn_id: turn },
    { label: 'Template' },
  ])
})

test('restoring one brings back its files, all of them and no others, as a new checkpoint', async () => {
  const { owner, project, made, topic, planted } = await projectWithTwoTurns()
  const before = (await eventsOf(db, topic)).length
  await save(db, owner, project.id, 'a.ts', 'by hand', planted + 1)
  const restored = await restore(owner, made[1]!)
  expect(await contents(project.id)).toEqual({ 'a.ts': 'one' })
  expect(restored).toMatchObject({
    restored_from: made[1]!.id,
    created_by: owner.sub,
    label: 'Make a todo app',
  })

  const events = (await eventsOf(db, topic)).slice(before).filter(({ kind }) => kind !== 'build.changed')
  expect(events.map(({ kind }) => kind)).toEqual(['file.changed', 'checkpoint.made', 'checkpoint.restored'])
  expect(events[2]!.payload).toMatchObject({
    checkpoint: { id: restored.id },
    changes: [
      { op: 'delete', path: 'src/b.ts' },
      { op: 'write', path: 'a.ts' },
    ],
  })
})

test('what was changed by hand before is not lost, and can be restored in turn', async () => {
  const { owner, project, made, planted } = await projectWithTwoTurns()
  await save(db, owner, project.id, 'a.ts', 'by hand', planted + 1)
  await restore(owner, made[1]!)
  const kept = (await checkpoints(owner, project.id)).find(({ label }) => label === 'Before restoring')
  await restore(owner, kept!)
  expect(await contents(project.id)).toEqual({ 'a.ts': 'by hand', 'src/b.ts': 'two' })
})

test('restoring what is there already changes nothing', async () => {
  const { owner, project, made } = await projectWithTwoTurns()
  expect(await restore(owner, made[0]!)).toEqual(made[0])
  expect(await checkpoints(owner, project.id)).toEqual(made)
})

test('restoring brings back the former spelling of a name', async () => {
  const { owner, project, made, planted } = await projectWithTwoTurns()
  const move = { project_id: project.id, from_path: 'a.ts', to_path: 'A.ts', base_version: planted + 1 }
  await call(db, owner, 'move_file', move)
  await restore(owner, made[1]!)
  expect(await contents(project.id)).toEqual({ 'a.ts': 'one' })
})

test('restoring the first one brings back the template', async () => {
  const { owner, project, made } = await projectWithTwoTurns()
  const { version } = await call<{ version: number }>(db, owner, 'read_file', {
    project_id: project.id,
    path: 'src/App.tsx',
  })
  await save(db, owner, project.id, 'src/App.tsx', 'changed', version)
  await restore(owner, made.at(-1)!)
  expect(await contents(project.id)).toEqual({})
  const changed = await db.sql`
    select t.path from baton.template_files t
    where not exists (
      select from files f join blobs b using (project_id, hash)
      where f.project_id = ${project.id} and f.path = t.path and b.content = t.content)`
  expect(changed).toHaveLength(0)
})
