import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Build, BuildSnapshot } from '../functions/_shared/protocol.ts'
import {
  buildAll,
  buildsOf,
  claimBuild,
  deploymentOf,
  expireBuildLease,
  fault,
  hostOf,
  liveAt,
  projectSnapshot,
  tryClaimBuild,
} from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import { claim, eventsOf, save, send, settle, writeFile } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

/** A project whose first preview is there. */
async function built() {
  const place = await settle(db)
  await buildAll(db)
  return place
}

test('a new project has two addresses and a preview in line', async () => {
  const { project, owner } = await settle(db)
  const { hosts, builds } = await projectSnapshot(db, owner, project.id)
  expect(hosts.map(({ kind, slug, deployment_id }) => ({ kind, slug, deployment_id }))).toEqual([
    { kind: 'preview', slug: project.slug, deployment_id: null },
    { kind: 'production', slug: project.slug, deployment_id: null },
  ])
  expect(builds).toMatchObject([{ kind: 'preview', state: 'pending', trigger: 'template' }])
  await buildAll(db)
})

test('a build that ends shows what it made, and everybody is told in that order', async () => {
  const { project, owner, topic } = await built()
  const before = (await eventsOf(db, topic)).length
  await save(db, owner, project.id, 'src/a.ts', 'export {}')
  const builder = await claimBuild(db)
  const { deployment_id } = await builder.finish('<p>Hello</p>', { stats: { duration_ms: 12 } })

  const live = await liveAt(db, 'preview', project.slug)
  expect(live).toMatchObject({
    allowed: true,
    deployment: { id: deployment_id, duration_ms: 12, trigger: 'edit' },
  })
  expect(Object.values(live!.deployment!.fresh)).toEqual(['<p>Hello</p>'])
  const told = (await eventsOf(db, topic)).slice(before)
  expect(told.map(({ kind, payload }) => [kind, payload.state])).toEqual([
    ['file.changed', undefined],
    ['build.changed', 'pending'],
    ['build.changed', 'running'],
    ['build.changed', 'succeeded'],
    ['deployment.made', undefined],
    ['host.changed', undefined],
  ])
})

test('what one person changes in a row is one build, of the last version', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  await save(db, owner, project.id, 'src/b.ts', '2')
  const { version } = await save(db, owner, project.id, 'src/c.ts', '3')
  const { claimed } = await claimBuild(db)
  expect(claimed.build.version).toBe(version)
  expect((await buildsOf(db, project.id)).filter(({ trigger }) => trigger === 'edit')).toHaveLength(1)
  expect(await tryClaimBuild(db)).toBeNull()
})

test('what somebody else asks for supersedes the build that waits', async () => {
  const { project, owner, chat } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const { run_id } = await send(db, owner, chat.id)
  await writeFile(await claim(db, run_id), 'src/b.ts', '2')
  const builds = await buildsOf(db, project.id)
  expect(builds.slice(-2)).toMatchObject([
    { state: 'superseded', reason: 'newer', trigger: 'edit' },
    { state: 'pending', trigger: 'run', run_id },
  ])
  await buildAll(db)
})

test('while one build runs another waits, and only then is claimed', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const first = await claimBuild(db)
  await save(db, owner, project.id, 'src/a.ts', '2', first.claimed.build.version)
  expect(await tryClaimBuild(db, { worker: 'another' })).toBeNull()
  await first.finish()
  const second = await claimBuild(db)
  expect(second.claimed.build.version).toBe(first.claimed.build.version + 1)
  await second.finish()
})

test('a builder that holds a version is given what changed since, and nothing else', async () => {
  const { project, owner, planted } = await built()
  await save(db, owner, project.id, 'src/new.ts', 'new')
  const { version } = await save(db, owner, project.id, 'src/gone.ts', 'gone')
  await call(db, owner, 'delete_file', { project_id: project.id, path: 'src/gone.ts', base_version: version })
  const moved = (await projectSnapshot(db, owner, project.id)).files.find(
    ({ path }) => path === 'src/App.tsx',
  )!
  await call(db, owner, 'move_file', {
    project_id: project.id,
    from_path: 'src/App.tsx',
    to_path: 'src/Home.tsx',
    base_version: moved.version,
  })
  const { claimed } = await claimBuild(db, { held: { [project.id]: planted } })
  const { base_version, files, removed } = claimed.sources
  expect(base_version).toBe(planted)
  expect(files.map(({ path }) => path)).toEqual(['src/Home.tsx', 'src/new.ts'])
  expect(files[1]!.content).toBe('new')
  expect(removed.sort()).toEqual(['src/App.tsx', 'src/gone.ts'])
})

test('a builder that holds nothing, or a version that never was, is given the whole tree', async () => {
  for (const held of [{}, { version: 1_000_000 }, { version: -1 }]) {
    const { project, owner, planted } = await built()
    await save(db, owner, project.id, 'src/new.ts', 'new')
    const { claimed } = await claimBuild(db, {
      held: 'version' in held ? { [project.id]: held.version } : {},
    })
    expect(claimed.sources.base_version).toBeNull()
    expect(claimed.sources.files).toHaveLength(planted + 1)
  }
})

test('a killed builder is followed by the next, under the next token, and its own writes change nothing', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const dead = await claimBuild(db)
  await expireBuildLease(db, dead.claimed.build.id)
  const next = await claimBuild(db, { worker: 'next' })
  expect(next.claimed.build).toMatchObject({ id: dead.claimed.build.id, attempts: 2 })
  expect(next.claimed.token).toBe(dead.claimed.token + 1)

  const before = await hostOf(db, project.id)
  await expect(dead.finish('<p>Stale</p>')).rejects.toMatchObject({ code: 'BT040' })
  await expect(dead.fail()).rejects.toMatchObject({ code: 'BT040' })
  await expect(dead.extend()).rejects.toMatchObject({ code: 'BT040' })
  await expect(dead.write('read_build_sources', { paths: ['src/a.ts'] })).rejects.toMatchObject({
    code: 'BT040',
  })
  expect(await dead.write('report_type_errors', { type_errors: [] })).toBe(false)
  expect(await hostOf(db, project.id)).toEqual(before)
  await next.finish()
})

test('a holder whose lease ran out goes on while nobody has taken the build', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const slow = await claimBuild(db)
  await expireBuildLease(db, slow.claimed.build.id)
  await slow.extend()
  expect(await tryClaimBuild(db, { worker: 'another' })).toBeNull()
  await slow.finish()
})

test('a dead build is superseded when a newer one waits', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const dead = await claimBuild(db)
  await save(db, owner, project.id, 'src/b.ts', '2')
  await expireBuildLease(db, dead.claimed.build.id)
  const next = await claimBuild(db)
  expect(next.claimed.build.id).not.toBe(dead.claimed.build.id)
  expect((await buildsOf(db, project.id)).at(-2)).toMatchObject({ state: 'superseded', reason: 'newer' })
  await expect(dead.finish()).rejects.toMatchObject({ code: 'BT040' })
  await next.finish()
})

test('a build that three builders died of is given up', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  for (const attempts of [1, 2, 3]) {
    const { claimed } = await claimBuild(db)
    expect(claimed.build.attempts).toBe(attempts)
    await expireBuildLease(db, claimed.build.id)
  }
  expect(await tryClaimBuild(db)).toBeNull()
  expect((await buildsOf(db, project.id)).at(-1)).toMatchObject({ state: 'failed', reason: 'dead' })
})

test('tick gives up what killed three builders, and leaves alone whoever still extends', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const busy = await claimBuild(db)
  await db.sql`update builds set attempts = 3, started_at = now() - interval '1 day' where id = ${busy.claimed.build.id}`
  await call(db, service, 'tick')
  expect((await buildsOf(db, project.id)).at(-1)).toMatchObject({ state: 'running' })
  await expireBuildLease(db, busy.claimed.build.id)
  expect(await call(db, service, 'tick')).toMatchObject({ given_up_builds: 1 })
  expect((await buildsOf(db, project.id)).at(-1)).toMatchObject({ state: 'failed', reason: 'dead' })
})

test('a failed build keeps the last good preview and tells what is wrong', async () => {
  const { project, owner } = await built()
  const before = await hostOf(db, project.id)
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  const errors = [fault('Unexpected token'), fault('Cannot find ./b', 'src/a.ts', 7)]
  const log = [{ at_ms: 3, level: 'error', text: 'Unexpected token' }]
  await builder.fail(errors, { log, stats: { duration_ms: 5 } })
  await builder.fail(errors)
  expect(await hostOf(db, project.id)).toEqual(before)
  const snapshot = await call<BuildSnapshot>(db, owner, 'build_snapshot', {
    build_id: builder.claimed.build.id,
  })
  expect(snapshot.build).toMatchObject({ state: 'failed', reason: 'errors', error_count: 2, duration_ms: 5 })
  expect(snapshot.errors).toEqual(errors)
  expect(snapshot.log).toEqual(log)
})

test('types are told of beside a preview that works, as long as it is the newest', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  await builder.finish()
  expect(await builder.write('report_type_errors', { type_errors: [fault('Not assignable')] })).toBe(true)
  const { builds } = await projectSnapshot(db, owner, project.id)
  expect(builds[0]).toMatchObject({ state: 'succeeded', type_error_count: 1 })
  await save(db, owner, project.id, 'src/b.ts', '1')
  await (await claimBuild(db)).finish()
  expect(await builder.write('report_type_errors', { type_errors: [] })).toBe(false)
})

test('finishing twice is finishing once', async () => {
  const { project, owner, topic } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  const first = await builder.finish('<p>Once</p>')
  const told = (await eventsOf(db, topic)).length
  expect(await builder.finish('<p>Once</p>')).toEqual(first)
  expect((await eventsOf(db, topic)).length).toBe(told)
  await expect(builder.fail()).rejects.toMatchObject({ code: 'BT040' })
})

test('a cancelled build is over for its builder, and can be asked for again', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  const build_id = builder.claimed.build.id
  await call(db, owner, 'cancel_build', { build_id })
  await expect(builder.extend()).rejects.toMatchObject({
    code: 'BT040',
    detail: expect.stringContaining('cancelled'),
  })
  const again = await call<Build>(db, owner, 'retry_build', { build_id })
  expect(again).toMatchObject({ state: 'pending', trigger: 'retry', requested_by: owner.sub })
  await (await claimBuild(db)).finish()
  await expect(call(db, owner, 'retry_build', { build_id: again.id })).rejects.toMatchObject({
    code: 'BT042',
  })
})

test('a preview can be asked for without a change', async () => {
  const { project, owner } = await built()
  const asked = await call<Build>(db, owner, 'request_build', { project_id: project.id })
  expect(asked).toMatchObject({ state: 'pending', trigger: 'manual' })
  expect(await call(db, owner, 'request_build', { project_id: project.id })).toMatchObject({ id: asked.id })
  await buildAll(db)
})

test('a deployment never names a blob that is not there', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  const { manifest, fresh } = deploymentOf({ '/index.html': '<p>One</p>', '/b.html': '<p>Two</p>' })
  const before = await hostOf(db, project.id)
  await expect(builder.write('finish_build', { manifest, fresh: fresh.slice(1) })).rejects.toMatchObject({
    code: 'BT041',
    detail: expect.stringContaining(manifest.files['/index.html']!.hash),
  })
  expect(await hostOf(db, project.id)).toEqual(before)
  await db.sql`insert into storage.objects (bucket_id, name)
    values ('deployments', ${`blobs/${manifest.files['/index.html']!.hash}`})`
  await builder.write('finish_build', { manifest, fresh: fresh.slice(1) })
})

test.each([
  ['no files', { entry: '/index.html' }],
  ['an entry that is not there', { ...deploymentOf({ '/a.html': 'x' }).manifest, entry: '/b.html' }],
  ['a path that climbs', deploymentOf({ '/../etc/passwd': 'x' }).manifest],
  ['a path without a root', deploymentOf({ 'index.html': 'x' }).manifest],
  ['a hash that is none', { entry: '/a', files: { '/a': { hash: 'x', type: 'text/html', size: 1 } } }],
  [
    'a type that breaks a header',
    { entry: '/a', files: { '/a': { hash: 'a'.repeat(64), type: 'text/html\r\nx: y', size: 1 } } },
  ],
  [
    'a size that is none',
    { entry: '/a', files: { '/a': { hash: 'a'.repeat(64), type: 'text/html', size: '1; drop' } } },
  ],
  ['nothing', null],
])('a manifest with %s is refused', async (_, manifest) => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  await expect(builder.write('finish_build', { manifest })).rejects.toMatchObject({ code: 'BT004' })
  await builder.finish()
})

test('a text that is not what its hash says is refused', async () => {
  const { project, owner } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  const { manifest } = deploymentOf({ '/index.html': '<p>One</p>' })
  const fresh = [{ hash: manifest.files['/index.html']!.hash, content: '<p>Another</p>' }]
  await expect(builder.write('finish_build', { manifest, fresh })).rejects.toMatchObject({ code: 'BT004' })
  await builder.finish()
})

test('a log is streamed, and a huge one is bounded without losing its ends', async () => {
  const { project, owner, topic } = await built()
  await save(db, owner, project.id, 'src/a.ts', '1')
  const builder = await claimBuild(db)
  await builder.extend(60, { lines: [{ at_ms: 1, level: 'info', text: 'Begins' }, 'nonsense'] })
  expect((await eventsOf(db, topic)).at(-1)).toMatchObject({
    kind: 'build.progress',
    payload: { lines: [{ at_ms: 1, level: 'info', text: 'Begins' }] },
  })
  const log = Array.from({ length: 4000 }, (_, line) => ({
    at_ms: line,
    level: 'info',
    text: `${line} ${'x'.repeat(500)}`,
  }))
  await builder.fail([fault('x'.repeat(100_000))], { log })
  const snapshot = await call<BuildSnapshot>(db, owner, 'build_snapshot', {
    build_id: builder.claimed.build.id,
  })
  expect(snapshot.log).toHaveLength(2001)
  expect(snapshot.log[0]!.text).toBe('Begins')
  expect(snapshot.log.at(-1)!.at_ms).toBe(3999)
  expect(snapshot.errors[0]!.message).toHaveLength(16_384)
  expect(snapshot.build.errors[0]!.message).toHaveLength(2_000)
})

test('the preview host sees a private preview only through its key', async () => {
  const { project, owner } = await built()
  const { key } = await call<{ key: string }>(db, owner, 'set_preview_visibility', {
    project_id: project.id,
    visibility: 'private',
  })
  expect(await liveAt(db, 'preview', project.slug)).toMatchObject({
    allowed: false,
    deployment: null,
    project_name: null,
  })
  expect(await liveAt(db, 'preview', `${project.slug}--${key}`)).toMatchObject({
    allowed: true,
    host: { slug: project.slug },
  })
  expect(JSON.stringify(await liveAt(db, 'preview', `${project.slug}--${key}`))).not.toContain(key)
  await call(db, owner, 'reset_preview_link', { project_id: project.id })
  for (const former of [key, 'a'.repeat(16)])
    expect(await liveAt(db, 'preview', `${project.slug}--${former}`)).toEqual({
      host: expect.objectContaining({ slug: project.slug, visibility: 'private' }),
      allowed: false,
      project_name: null,
      archived: false,
      deployment: null,
      build: null,
    })
  expect(await liveAt(db, 'preview', `${project.slug}--${key.slice(1)}`)).toBeNull()
})

test.each(['', 'nobody', '%', "' or true --", `${'a'.repeat(300)}`, 'x--y'])(
  'the address "%s" is nobody’s',
  async (label) => {
    for (const kind of ['preview', 'production', 'domain', 'other'])
      expect(await liveAt(db, kind, label)).toBeNull()
  },
)

test('a builder that held a project is given it before others for a moment', async () => {
  const { project, owner } = await settle(db)
  await (await claimBuild(db, { worker: 'warm' })).finish()
  await save(db, owner, project.id, 'src/a.ts', '1')
  await db.sql`update builds set created_at = clock_timestamp() + interval '1 hour' where project_id = ${project.id} and state = 'pending'`
  expect(await tryClaimBuild(db, { worker: 'cold' })).toBeNull()
  const warm = await claimBuild(db, { worker: 'warm' })
  await warm.finish()
})
