import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Import, Project, Sources } from '../functions/_shared/protocol.ts'
import { buildAll, claimBuild, projectSnapshot } from './builders.ts'
import { type Crowd, gather } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { call, type Person, service, signUp } from './people.ts'
import { eventsOf, settle } from './work.ts'

let db: Database
let crowd: Crowd
beforeAll(async () => {
  db = await createDatabase()
  crowd = await gather(db, 8)
})
afterAll(async () => {
  await crowd[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

type Place = Awaited<ReturnType<typeof settle>>
type File = { path: string; content: string }

const files = (count: number, from = 0): File[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `src/folder-${index % 20}/file-${from + index}.ts`,
    content: `export const number = ${from + index}\n`,
  }))
const stage = (self: Person, import_id: string, files: File[]) =>
  call<{ files: number }>(db, self, 'stage_files', { import_id, files })
const finish = (place: Place, import_id: string, file_count: number, replace = true, self = place.owner) =>
  call<Import>(db, self, 'finish_import', { import_id, project_id: place.project.id, file_count, replace })
const paths = async (place: Place, project_id = place.project.id) =>
  (await call<Sources>(db, place.owner, 'read_sources', { project_id })).files.map(({ path }) => path)
const told = async (place: Place) => (await eventsOf(db, place.topic)).length
const staged = async (import_id: string) => {
  const [row] = await db.sql<{ count: number }[]>`
    select count(*)::int as count from baton.imported_files where import_id = ${import_id}`
  return row!.count
}

describe('an import in pieces', () => {
  test('is seen by nobody before its end, and then whole, in one event', async () => {
    const place = await settle(db)
    await buildAll(db)
    const id = randomUUID()
    const before = [await paths(place), await told(place)]
    for (const from of [0, 500, 1000, 1500]) {
      expect(await stage(place.owner, id, files(500, from))).toEqual({ files: from + 500 })
      expect([await paths(place), await told(place)]).toEqual(before)
    }
    const { changed, checkpoint } = await finish(place, id, 2000)
    expect(changed).toBe(2000 + place.planted)
    expect(checkpoint).toMatchObject({ label: 'Imported' })
    expect(await paths(place)).toEqual(
      files(2000)
        .map(({ path }) => path)
        .sort(),
    )
    const kinds = (await eventsOf(db, place.topic, before[1] as number)).map(({ kind }) => kind)
    expect(kinds).toEqual(['checkpoint.restored', 'build.changed'])
    expect(await staged(id)).toBe(0)
    const builder = await claimBuild(db)
    expect(builder.claimed.build).toMatchObject({ trigger: 'import' })
    await builder.finish()
  })

  test('comes in only when all of it has arrived, and can be gone on with after a piece was lost', async () => {
    const place = await settle(db)
    const id = randomUUID()
    await stage(place.owner, id, files(3))
    await expect(finish(place, id, 6)).rejects.toMatchObject({ code: 'BT004' })
    expect(await paths(place)).not.toContain('src/folder-0/file-0.ts')
    await stage(place.owner, id, files(3))
    await stage(place.owner, id, files(3, 3))
    expect((await finish(place, id, 6)).changed).toBe(6 + place.planted)
    await buildAll(db)
  })

  test('answers its end again when that is sent again, and changes nothing by it', async () => {
    const place = await settle(db)
    const id = randomUUID()
    await stage(place.owner, id, files(2))
    const answer = await finish(place, id, 2)
    const before = await told(place)
    expect(await finish(place, id, 2)).toEqual(answer)
    expect(await told(place)).toBe(before)
    await expect(stage(place.owner, id, files(1))).rejects.toMatchObject({ code: 'BT003' })
    await buildAll(db)
  })

  test('keeps what the zip does not have, unless told otherwise', async () => {
    const place = await settle(db)
    const id = randomUUID()
    await stage(place.owner, id, [{ path: 'src/App.tsx', content: 'mine' }, ...files(1)])
    expect((await finish(place, id, 2, false)).changed).toBe(2)
    expect(await paths(place)).toEqual(expect.arrayContaining(['index.html', 'src/folder-0/file-0.ts']))
    await buildAll(db)
  })

  test.each<[string, File[]]>([
    ['spells a file of the project differently', [{ path: 'src/app.tsx', content: 'x' }]],
    ['spells a folder of the project differently', [{ path: 'SRC/new.ts', content: 'x' }]],
    ['has a file where the project has a folder', [{ path: 'src', content: 'x' }]],
    ['has a folder where the project has a file', [{ path: 'index.html/a.ts', content: 'x' }]],
  ])('that %s is refused whole', async (_, clash) => {
    const place = await settle(db)
    const id = randomUUID()
    const before = await paths(place)
    await stage(place.owner, id, [...files(2), ...clash])
    await expect(finish(place, id, 3, false)).rejects.toMatchObject({ code: 'BT024' })
    expect(await paths(place)).toEqual(before)
    await buildAll(db)
  })

  test('of more than a project holds is refused at the piece that is too much', async () => {
    const { owner } = await settle(db)
    const id = randomUUID()
    await stage(owner, id, files(1999))
    await expect(stage(owner, id, files(2, 5000))).rejects.toMatchObject({ code: 'BT025' })
    expect(await staged(id)).toBe(1999)
    const large = Array.from({ length: 50 }, (_, n) => ({ path: `${n}.txt`, content: 'x'.repeat(1_048_576) }))
    const other = randomUUID()
    for (let from = 0; from < 50; from += 10) await stage(owner, other, large.slice(from, from + 10))
    await expect(stage(owner, other, [{ path: 'one-more.txt', content: 'x' }])).rejects.toMatchObject({
      code: 'BT025',
    })
    await buildAll(db)
  })

  test('is its own person’s: nobody else adds to it, ends it or takes it along', async () => {
    const place = await settle(db)
    const other = await settle(db)
    const id = randomUUID()
    await stage(place.owner, id, files(2))
    await expect(stage(other.owner, id, files(1))).rejects.toMatchObject({ code: 'BT003' })
    await expect(finish(other, id, 2)).rejects.toMatchObject({ code: 'BT003' })
    await expect(finish(other, id, 2, true, place.owner)).rejects.toMatchObject({ code: 'BT003' })
    await expect(
      call(db, place.owner, 'import_project', {
        import_id: id,
        team_id: other.team.id,
        name: 'Theirs',
        file_count: 2,
      }),
    ).rejects.toMatchObject({ code: 'BT003' })
    expect((await finish(place, id, 2)).changed).toBe(2 + place.planted)
    await buildAll(db)
  })

  test('into the archive is refused', async () => {
    const place = await settle(db)
    await buildAll(db)
    const id = randomUUID()
    await stage(place.owner, id, files(1))
    await call(db, place.owner, 'archive_project', { project_id: place.project.id })
    await expect(finish(place, id, 1)).rejects.toMatchObject({ code: 'BT027' })
  })

  test('that nobody ends is forgotten, and so is the oldest of six', async () => {
    const person = await signUp(db, 'Importer')
    const ids = Array.from({ length: 6 }, () => randomUUID())
    for (const id of ids) await stage(person, id, files(1))
    expect(await Promise.all(ids.map(staged))).toEqual([0, 1, 1, 1, 1, 1])
    await db.sql`update baton.imports set touched_at = now() - interval '61 minutes' where id = ${ids[1]!}`
    await call(db, service, 'tick')
    expect(await Promise.all(ids.map(staged))).toEqual([0, 0, 1, 1, 1, 1])
    await expect(stage(person, ids[1]!, files(1))).resolves.toEqual({ files: 1 })
  })
})

test('a zip becomes a project that never had anything else, in one step', async () => {
  const place = await settle(db)
  await buildAll(db)
  const id = randomUUID()
  const teamTopic = `team:${place.team.id}`
  const before = (await eventsOf(db, teamTopic)).length
  await stage(place.owner, id, files(3))
  expect((await eventsOf(db, teamTopic)).length).toBe(before)
  const asked = { import_id: id, team_id: place.team.id, name: 'From a zip', file_count: 3 }
  const project = await call<Project>(db, place.owner, 'import_project', asked)
  expect(await call(db, place.owner, 'import_project', asked)).toEqual(project)
  expect(await paths(place, project.id)).toEqual(
    files(3)
      .map(({ path }) => path)
      .sort(),
  )
  const snapshot = await projectSnapshot(db, place.owner, project.id)
  expect(snapshot.checkpoints).toMatchObject([{ label: 'Imported', version: 3 }])
  expect(snapshot.builds).toMatchObject([{ state: 'pending', trigger: 'import' }])
  const kinds = (await eventsOf(db, `project:${project.id}`)).map(({ kind }) => kind)
  expect(kinds).toEqual(['project.created', 'checkpoint.restored', 'build.changed'])
  await buildAll(db)
})

test('pieces that arrive at once are all there, and an end that is sent eight times at once is one', async () => {
  const place = await settle(db)
  await buildAll(db)
  const id = randomUUID()
  const before = await told(place)
  const pieces = Array.from({ length: 8 }, (_, piece) => files(20, piece * 20))
  await Promise.all(
    pieces.map((piece) => call(crowd, place.owner, 'stage_files', { import_id: id, files: piece })),
  )
  const end = { import_id: id, project_id: place.project.id, file_count: 160, replace: true }
  const answers = await Promise.all(pieces.map(() => call<Import>(crowd, place.owner, 'finish_import', end)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]!.changed).toBe(160 + place.planted)
  const kinds = (await eventsOf(db, place.topic, before)).map(({ kind }) => kind)
  expect(kinds).toEqual(['checkpoint.restored', 'build.changed'])

  const other = randomUUID()
  await stage(place.owner, other, files(5))
  const asked = { import_id: other, team_id: place.team.id, name: 'Once', file_count: 5 }
  const made = await Promise.all(pieces.map(() => call<Project>(crowd, place.owner, 'import_project', asked)))
  expect(new Set(made.map((project) => project.id)).size).toBe(1)
  await buildAll(db)
})
