import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileChange, FileConflict, FileContent, ProjectSnapshot } from '../functions/_shared/protocol.ts'
import { type Crowd, gather, outcomes } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { call, signUp } from './people.ts'
import { createProject, eventsOf, save, settle } from './work.ts'

let db: Database
let crowd: Crowd
beforeAll(async () => {
  db = await createDatabase()
  crowd = await gather(db, 30)
})
afterAll(async () => {
  await crowd[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'ok' as const,
    (error: { code: string; detail: string }) => ({ code: error.code, details: JSON.parse(error.detail) }),
  )

const template = async () =>
  await db.sql<
    { path: string; content: string }[]
  >`select path, content from baton.template_files order by path`

describe('a project', () => {
  test('begins with the files of the template, written by who made it, in a checkpoint of their own', async () => {
    const { owner, project, topic, planted } = await settle(db)
    const files = await template()
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['index.html', 'package.json', 'src/App.tsx', 'src/index.css', 'src/main.tsx']),
    )
    for (const { path, content } of files) {
      const read = await call<FileContent>(db, owner, 'read_file', { project_id: project.id, path })
      expect(read).toMatchObject({ content, updated_by: owner.sub, tool_call_id: null })
    }
    const snapshot = await call<ProjectSnapshot>(db, owner, 'project_snapshot', { project_id: project.id })
    expect(snapshot).toMatchObject({
      version: planted,
      checkpoints: [{ version: planted, label: 'Template', created_by: owner.sub, run_id: null }],
    })
    const trail = await db.sql`
      select op, path, user_id, tool_call_id from file_operations where project_id = ${project.id} order by version`
    expect([...trail]).toEqual(
      files.map(({ path }) => ({ op: 'write', path, user_id: owner.sub, tool_call_id: null })),
    )
    const told = await eventsOf(db, topic)
    expect(told.map(({ kind }) => kind)).toEqual([
      'project.created',
      ...files.map(() => 'file.changed'),
      'checkpoint.made',
      'build.changed',
      'chat.created',
    ])
    expect(told.slice(1, -3).map(({ payload }) => payload.path)).toEqual(files.map(({ path }) => path))
  })

  test('that cannot have the template is not made', async () => {
    const { owner, team } = await settle(db)
    await db.sql`insert into baton.template_files values ('src', 'in the way of its folder')`
    expect(await refusal(createProject(db, owner, team.id, 'Never'))).toMatchObject({ code: 'BT024' })
    await db.sql`delete from baton.template_files where path = 'src'`
    expect(await db.sql`select from projects where name = 'Never'`).toHaveLength(0)
  })

  test('gets a host name that a rename leaves alone', async () => {
    const { owner, team } = await settle(db)
    const { id, slug } = await createProject(db, owner, team.id, 'Éclair & Co.')
    expect(slug).toMatch(/^clair-co-[0-9a-f]{8}$/)
    await call(db, owner, 'rename_project', { project_id: id, name: 'Bakery' })
    const { project } = await call<ProjectSnapshot>(db, owner, 'project_snapshot', { project_id: id })
    expect(project).toMatchObject({ name: 'Bakery', slug })
  })

  test('gets a host name when its name has no letter for one', async () => {
    const { owner, team } = await settle(db)
    expect((await createProject(db, owner, team.id, '待办')).slug).toMatch(/^app-[0-9a-f]{8}$/)
  })

  test('in the archive is read, not changed, and comes out again', async () => {
    const { owner, project, planted } = await settle(db)
    await call(db, owner, 'archive_project', { project_id: project.id })
    expect(await refusal(save(db, owner, project.id, 'a.ts', ''))).toMatchObject({ code: 'BT027' })
    await call(db, owner, 'project_snapshot', { project_id: project.id })
    await call(db, owner, 'archive_project', { project_id: project.id, archived: false })
    expect(await save(db, owner, project.id, 'a.ts', '')).toMatchObject({ version: planted + 1 })
  })
})

describe('saving a file', () => {
  test('makes it, changes it, and tells both in the log', async () => {
    const { owner, project, topic, planted } = await settle(db)
    const before = (await eventsOf(db, topic)).length
    const tree = async () =>
      (
        await db.sql<{ version: number; file_count: number; total_size: number }[]>`
          select version::int, file_count, total_size::int from trees where project_id = ${project.id}`
      )[0]!
    const { total_size } = await tree()
    const made = await save(db, owner, project.id, 'src/button.tsx', 'one')
    const changed = await save(db, owner, project.id, 'src/button.tsx', 'two 😀', made.version)
    expect(changed).toMatchObject({
      op: 'write',
      path: 'src/button.tsx',
      version: planted + 2,
      size: 8,
      user_id: owner.sub,
    })
    const told = (await eventsOf(db, topic, before)).filter(({ kind }) => kind === 'file.changed')
    expect(told.map(({ payload }) => payload)).toEqual([made, changed])
    expect(await tree()).toEqual({
      version: planted + 2,
      file_count: planted + 1,
      total_size: total_size + 8,
    })
  })

  test('is refused with what is there now when it is based on something older', async () => {
    const { owner, project } = await settle(db)
    const { version } = await save(db, owner, project.id, 'a.ts', 'one')
    const theirs = await save(db, owner, project.id, 'a.ts', 'theirs', version)
    const details: FileConflict = {
      path: 'a.ts',
      base_version: version,
      version: theirs.version,
      hash: theirs.hash,
      size: theirs.size,
      user_id: owner.sub,
      tool_call_id: null,
    }
    const attempt = save(db, owner, project.id, 'a.ts', 'mine', version)
    expect(await refusal(attempt)).toEqual({ code: 'PT409', details })
    expect(await refusal(save(db, owner, project.id, 'a.ts', 'mine', 0))).toMatchObject({ code: 'PT409' })
  })

  test('is refused when the file is gone', async () => {
    const { owner, project } = await settle(db)
    const { version } = await save(db, owner, project.id, 'a.ts', 'one')
    await call(db, owner, 'delete_file', { project_id: project.id, path: 'a.ts', base_version: version })
    expect(await refusal(save(db, owner, project.id, 'a.ts', 'mine', version))).toMatchObject({
      code: 'PT409',
      details: { version: 0, hash: null },
    })
  })

  test('of what is there already is no conflict, and no change', async () => {
    const { owner, project, topic } = await settle(db)
    const saved = await save(db, owner, project.id, 'a.ts', 'same')
    const before = (await eventsOf(db, topic)).length
    const again = await save(db, owner, project.id, 'a.ts', 'same')
    expect(again).toMatchObject({ version: saved.version, unchanged: true })
    expect(await eventsOf(db, topic)).toHaveLength(before)
  })

  test('never gives a version twice, not to a path that was deleted and made again either', async () => {
    const { owner, project } = await settle(db)
    const first = await save(db, owner, project.id, 'a.ts', 'one')
    await call(db, owner, 'delete_file', {
      project_id: project.id,
      path: 'a.ts',
      base_version: first.version,
    })
    const second = await save(db, owner, project.id, 'a.ts', 'one')
    expect(second.version).toBe(first.version + 2)
    expect(await refusal(save(db, owner, project.id, 'a.ts', 'two', first.version))).toMatchObject({
      code: 'PT409',
    })
  })

  test('is bounded in size and number', async () => {
    const { owner, project } = await settle(db)
    await save(db, owner, project.id, 'fits.txt', 'x'.repeat(1_048_576))
    const tooLarge = save(db, owner, project.id, 'large.txt', 'é'.repeat(524_289))
    expect(await refusal(tooLarge)).toMatchObject({ code: 'BT025', details: { limit: 1_048_576 } })
    await db.sql`update trees set file_count = 2000 where project_id = ${project.id}`
    expect(await refusal(save(db, owner, project.id, 'one-more', ''))).toMatchObject({ code: 'BT025' })
    await db.sql`update trees set file_count = 1, total_size = 52428800 where project_id = ${project.id}`
    expect(await refusal(save(db, owner, project.id, 'one-more', 'x'))).toMatchObject({ code: 'BT025' })
  })

  test('takes no content that is not text', async () => {
    const { owner, project } = await settle(db)
    await expect(save(db, owner, project.id, 'a.bin', 'a\0b')).rejects.toMatchObject({ code: '22021' })
  })
})

describe('moving and deleting', () => {
  test('keep the trail, by which every old version can be read', async () => {
    const { owner, project, planted } = await settle(db)
    const base = { project_id: project.id }
    const [one, two, three, four] = [planted + 1, planted + 2, planted + 3, planted + 4]
    await save(db, owner, project.id, 'a.ts', 'one')
    await save(db, owner, project.id, 'a.ts', 'two', one)
    const moved = await call<FileChange>(db, owner, 'move_file', {
      ...base,
      from_path: 'a.ts',
      to_path: 'src/b.ts',
      base_version: two,
    })
    expect(moved).toMatchObject({ op: 'move', path: 'src/b.ts', from_path: 'a.ts', version: three })
    await call(db, owner, 'delete_file', { ...base, path: 'src/b.ts', base_version: three })

    const trail = await db.sql`
      select version::int, op, path, from_path, size from file_operations
      where project_id = ${project.id} and version > ${planted} order by version`
    expect([...trail]).toEqual([
      { version: one, op: 'write', path: 'a.ts', from_path: null, size: 3 },
      { version: two, op: 'write', path: 'a.ts', from_path: null, size: 3 },
      { version: three, op: 'move', path: 'src/b.ts', from_path: 'a.ts', size: 3 },
      { version: four, op: 'delete', path: 'src/b.ts', from_path: null, size: 3 },
    ])
    const read = (path: string, version: number | null) =>
      call<FileContent>(db, owner, 'read_file', { ...base, path, version }).then(
        ({ content }) => content,
        ({ code }) => code,
      )
    expect(await read('a.ts', one)).toBe('one')
    expect(await read('a.ts', two)).toBe('two')
    expect(await read('a.ts', three)).toBe('BT003')
    expect(await read('src/b.ts', three)).toBe('two')
    expect(await read('src/b.ts', null)).toBe('BT003')
  })

  test('are refused for what changed meanwhile, and for what is not there', async () => {
    const { owner, project } = await settle(db)
    const { version } = await save(db, owner, project.id, 'a.ts', 'one')
    const attempts = [
      call(db, owner, 'delete_file', { project_id: project.id, path: 'a.ts', base_version: 0 }),
      call(db, owner, 'delete_file', { project_id: project.id, path: 'b.ts', base_version: 0 }),
      call(db, owner, 'move_file', {
        project_id: project.id,
        from_path: 'a.ts',
        to_path: 'c.ts',
        base_version: version + 1,
      }),
    ]
    expect(await outcomes(attempts)).toEqual({ PT409: 3 })
  })

  test('may change only the case of a name', async () => {
    const { owner, project } = await settle(db)
    const { version } = await save(db, owner, project.id, 'app.tsx', 'one')
    const args = { project_id: project.id, from_path: 'app.tsx', to_path: 'App.tsx', base_version: version }
    expect(await call(db, owner, 'move_file', args)).toMatchObject({ path: 'App.tsx' })
  })
})

describe('a path', () => {
  const REFUSED: Record<string, string[]> = {
    empty: [''],
    too_long: ['a'.repeat(241), 'é'.repeat(121)],
    too_deep: [`${'a/'.repeat(16)}b`],
    not_normalized: ['cafe\u0301.ts'],
    not_relative: ['/a', 'a/', 'a//b', './a', 'a/./b', '../a', 'a/../b', 'a\\b', 'a/..'],
    characters: [
      'a\nb',
      'a\u0001',
      'a\u007f',
      'a\u00a0b',
      'a\u200bb',
      'a\u202eb',
      'a?',
      'a*',
      'a:b',
      'a|b',
      '<a>',
      'a"',
    ],
    edges: [' a', 'a/ b', 'a ', 'a.', 'a./b'],
    reserved: [
      'con',
      'src/NUL.txt',
      'com1',
      '.git/config',
      'node_modules/a',
      'src/.GIT',
      '.baton/x',
      '__proto__',
    ],
  }
  test.for(Object.entries(REFUSED))('that is %s is refused, and says so', async ([rule, paths]) => {
    const { owner, project } = await settle(db)
    for (const path of paths) {
      expect(await refusal(save(db, owner, project.id, path, ''))).toMatchObject({
        code: 'BT024',
        details: { rule },
      })
    }
  })

  test('may look like those of common frameworks, and be written in any script', async () => {
    const { owner, project } = await settle(db)
    const paths = [
      'app/[id]/(group)/page.tsx',
      '.env.example',
      'src/@lib/+page.ts',
      'ボタン.tsx',
      'café/über.css',
      '$.ts',
    ]
    for (const path of paths) expect(await save(db, owner, project.id, path, path)).toMatchObject({ path })
  })

  test('is in the way of another that differs in case, or is a file where the other is a folder', async () => {
    const { owner, project } = await settle(db)
    await save(db, owner, project.id, 'Über/a', '')
    for (const path of [
      'src/app.tsx',
      'SRC/App.tsx',
      'Src/other.ts',
      'src',
      'src/App.tsx/b',
      'über/b',
      'src/app.tsx/b',
    ]) {
      const other = /ber/.test(path) ? 'Über/a' : 'src/App.tsx'
      expect(await refusal(save(db, owner, project.id, path, ''))).toMatchObject({
        code: 'BT024',
        details: { rule: 'collision', other },
      })
    }
    for (const path of ['src.ts', 'src/App.tsx.bak', 'src0', 'srcs/App.tsx'])
      await save(db, owner, project.id, path, '')
  })
})

describe('at the same moment', () => {
  test('20 who save on the same version have one winner, and 19 who are told', async () => {
    const { owner, project } = await settle(db)
    const { version } = await save(db, owner, project.id, 'a.ts', 'base')
    const attempts = Array.from({ length: 20 }, (_, n) =>
      save(crowd, owner, project.id, 'a.ts', `by ${n}`, version),
    )
    expect(await outcomes(attempts)).toEqual({ ok: 1, PT409: 19 })
  })

  test('two spellings of one folder are made by one of them', async () => {
    const { owner, project } = await settle(db)
    const attempts = Array.from({ length: 20 }, (_, n) =>
      save(crowd, owner, project.id, `${n % 2 ? 'SRC' : 'src'}/${n}.ts`, ''),
    )
    expect(await outcomes(attempts)).toEqual({ ok: 10, BT024: 10 })
  })

  test('30 files get 30 versions without a gap', async () => {
    const { owner, project, planted } = await settle(db)
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, n) => save(crowd, owner, project.id, `${n}.ts`, `${n}`)),
    )
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      made.map((_, n) => planted + n + 1),
    )
  })
})

test('a stranger can neither save nor read', async () => {
  const { project } = await settle(db)
  const stranger = await signUp(db, 'Stranger')
  expect(await refusal(save(db, stranger, project.id, 'a.ts', ''))).toMatchObject({ code: 'BT003' })
  const reading = call(db, stranger, 'read_file', { project_id: project.id, path: 'a.ts' })
  expect(await refusal(reading)).toMatchObject({ code: 'BT003' })
})
