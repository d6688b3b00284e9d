import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Checkpoint, Import, Project, Sources } from '../functions/_shared/protocol.ts'
import { buildAll, claimBuild, hostOf, projectSnapshot } from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { call } from './people.ts'
import { eventsOf, save, settle } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

type Place = Awaited<ReturnType<typeof settle>>
const sources = (place: Place, project_id = place.project.id, checkpoint_id: string | null = null) =>
  call<Sources>(db, place.owner, 'read_sources', { project_id, checkpoint_id })
const importInto = (place: Place, files: unknown, replace = false) =>
  call<Import>(db, place.owner, 'import_files', {
    project_id: place.project.id,
    files: files as object,
    replace,
  })
const paths = async (place: Place, project_id = place.project.id) =>
  (await sources(place, project_id)).files.map(({ path }) => path)

describe('a fork', () => {
  const fork = (place: Place, checkpoint_id: string | null = null) =>
    call<Project>(db, place.owner, 'fork_project', {
      project_id: place.project.id,
      name: 'Fork',
      checkpoint_id,
    })

  test('has the files and variables, addresses and a preview of its own, and leaves its source alone', async () => {
    const place = await settle(db)
    await save(db, place.owner, place.project.id, 'src/a.ts', 'mine')
    await call(db, place.owner, 'set_variable', { project_id: place.project.id, name: 'VITE_A', value: 'b' })
    const made = await fork(place)
    expect(made.slug).not.toBe(place.project.slug)
    const original = (await sources(place)).files
    expect((await sources(place, made.id)).files).toEqual(original)
    const snapshot = await projectSnapshot(db, place.owner, made.id)
    expect(snapshot.variables).toMatchObject([{ name: 'VITE_A', value: 'b' }])
    expect(snapshot.checkpoints).toMatchObject([{ label: 'Fork of Todo list' }])
    expect(snapshot.builds).toMatchObject([{ state: 'pending', trigger: 'fork' }])
    expect((await hostOf(db, made.id)).key).not.toBe((await hostOf(db, place.project.id)).key)
    const told = await eventsOf(db, `project:${made.id}`)
    expect(told.map(({ kind }) => kind)).toEqual(['project.created', 'checkpoint.restored', 'build.changed'])

    await save(db, place.owner, made.id, 'src/only-here.ts', 'x')
    expect((await sources(place)).files).toEqual(original)
    await buildAll(db)
  })

  test('of an earlier checkpoint has the files of then', async () => {
    const place = await settle(db)
    const { checkpoints } = await projectSnapshot(db, place.owner, place.project.id)
    await save(db, place.owner, place.project.id, 'src/later.ts', 'later')
    const made = await fork(place, checkpoints[0]!.id)
    expect(await paths(place, made.id)).not.toContain('src/later.ts')
    expect(await paths(place)).toContain('src/later.ts')
    await buildAll(db)
  })
})

describe('an import', () => {
  test('adds and overwrites, keeps what was there in a checkpoint, and asks for a preview', async () => {
    const place = await settle(db)
    await buildAll(db)
    await save(db, place.owner, place.project.id, 'src/mine.ts', 'mine')
    const files = [
      { path: 'src/App.tsx', content: 'export default () => null' },
      { path: 'README.md', content: '# Hello' },
    ]
    const { changed, checkpoint } = await importInto(place, files)
    expect(changed).toBe(2)
    expect(checkpoint).toMatchObject({ label: 'Imported' })
    expect(await paths(place)).toContain('src/mine.ts')
    const { checkpoints } = await projectSnapshot(db, place.owner, place.project.id)
    expect(checkpoints.map(({ label }: Checkpoint) => label)).toEqual([
      'Imported',
      'Before importing',
      'Template',
    ])
    const builder = await claimBuild(db)
    expect(builder.claimed.build).toMatchObject({ trigger: 'import' })
    await builder.finish()
  })

  test('that replaces leaves nothing else, and can be taken back', async () => {
    const place = await settle(db)
    const before = await sources(place)
    await importInto(place, [{ path: 'index.html', content: '<p>Only</p>' }], true)
    expect(await paths(place)).toEqual(['index.html'])
    const { checkpoints } = await projectSnapshot(db, place.owner, place.project.id)
    await call(db, place.owner, 'restore_checkpoint', { checkpoint_id: checkpoints.at(-1)!.id })
    expect((await sources(place)).files).toEqual(before.files)
    await buildAll(db)
  })

  test('of what is there already changes nothing', async () => {
    const place = await settle(db)
    await buildAll(db)
    const { files } = await sources(place)
    const before = (await eventsOf(db, place.topic)).length
    const again = await importInto(
      place,
      files.map(({ path, content }) => ({ path, content })),
      true,
    )
    expect(again.changed).toBe(0)
    expect((await eventsOf(db, place.topic)).length).toBe(before)
  })

  test.each<[string, unknown, string]>([
    ['a path that climbs', [{ path: '../etc/passwd', content: 'x' }], 'BT024'],
    ['an absolute path', [{ path: '/etc/passwd', content: 'x' }], 'BT024'],
    ['the path of a system', [{ path: 'node_modules/x/index.js', content: 'x' }], 'BT024'],
    [
      'two spellings of one path',
      [
        { path: 'src/a.ts', content: 'x' },
        { path: 'src/A.ts', content: 'y' },
      ],
      'BT024',
    ],
    [
      'one path twice',
      [
        { path: 'a.ts', content: 'x' },
        { path: 'a.ts', content: 'y' },
      ],
      'BT024',
    ],
    [
      'a file that is a folder',
      [
        { path: 'a', content: 'x' },
        { path: 'a/b.ts', content: 'y' },
      ],
      'BT024',
    ],
    ['a file that is too large', [{ path: 'a.ts', content: 'x'.repeat(1_048_577) }], 'BT025'],
    ['too many files', Array.from({ length: 2001 }, (_, n) => ({ path: `f${n}`, content: '' })), 'BT025'],
    ['no files', [], 'BT004'],
    ['no list', { path: 'a', content: 'x' }, 'BT004'],
    ['a content that is no text', [{ path: 'a', content: 1 }], 'BT004'],
    ['no path', [{ content: 'x' }], 'BT004'],
  ])('with %s is refused whole', async (_, files, code) => {
    const place = await settle(db)
    const before = await sources(place)
    const good = { path: 'aaa.ts', content: 'good' }
    await expect(
      importInto(place, Array.isArray(files) && files.length ? [good, ...files] : files, true),
    ).rejects.toMatchObject({ code })
    expect(await sources(place)).toEqual(before)
    await buildAll(db)
  })

  test('into the archive is refused', async () => {
    const place = await settle(db)
    await buildAll(db)
    await call(db, place.owner, 'archive_project', { project_id: place.project.id })
    await expect(importInto(place, [{ path: 'a', content: 'x' }])).rejects.toMatchObject({ code: 'BT027' })
  })
})

test('an export is all files of one moment', async () => {
  const place = await settle(db)
  const { version } = await save(db, place.owner, place.project.id, 'src/a.ts', 'now')
  const all = await sources(place)
  expect(all).toMatchObject({ version, project: { id: place.project.id } })
  expect(all.files.find(({ path }) => path === 'src/a.ts')!.content).toBe('now')
  const { checkpoints } = await projectSnapshot(db, place.owner, place.project.id)
  const then = await sources(place, place.project.id, checkpoints[0]!.id)
  expect(then.version).toBe(place.planted)
  expect(then.files.map(({ path }) => path)).not.toContain('src/a.ts')
  await buildAll(db)
})
