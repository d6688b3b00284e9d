/** The blobs of deployments: on their way to Storage, forgotten, and never taken from under a deployment. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  buildAll,
  buildsOf,
  claimBuild,
  deploymentOf,
  hostOf,
  liveAt,
  projectSnapshot,
  sha256,
} from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import { save, settle } from './work.ts'

let db: Database
beforeEach(async () => {
  db = await createDatabase()
})
afterEach(() => db[Symbol.asyncDispose]())

const tick = () => call(db, service, 'tick')
const machine = <Result>(name: string, args = {}) => call<Result>(db, service, name, args)
const upload = (...texts: string[]) =>
  db.sql`insert into storage.objects (bucket_id, name)
    select 'deployments', 'blobs/' || h from unnest(${texts.map(sha256)}::text[]) h on conflict do nothing`
/** As the Storage API does it. */
const remove = async (...hashes: string[]) => {
  await db.sql.begin(async (sql) => {
    await sql`select set_config('storage.allow_delete_query', 'true', true)`
    await sql`delete from storage.objects where name = any (${hashes.map((hash) => `blobs/${hash}`)})`
  })
}
const forgetDue = () => db.sql`update baton.chores set due_at = now() where name = 'forget_builds'`
const doomed = async () => (await db.sql`select hash from doomed_blobs order by hash`).map(({ hash }) => hash)

/** A project with as many previews, each of a page of its own and one that all share. */
async function previews(count: number) {
  const place = await settle(db)
  const pages: string[] = []
  for (let turn = 0; turn < count; turn++) {
    await save(db, place.owner, place.project.id, `src/${turn}.ts`, 'x')
    pages.push(`<p>${place.project.id} ${turn}</p>`)
    const { manifest, fresh } = deploymentOf({ '/index.html': pages[turn]!, '/shared.js': 'shared' })
    await (await claimBuild(db)).write('finish_build', { manifest, fresh })
  }
  return { ...place, pages }
}

test('a text waits in its row until it is in Storage, and not longer', async () => {
  const { project, pages } = await previews(1)
  const [hash, shared] = [sha256(pages[0]!), sha256('shared')]
  const waiting = await machine<{ hash: string; type: string }[]>('fresh_blobs_to_store', {
    older_than_ms: 0,
  })
  expect(waiting.map(({ hash }) => hash).sort()).toEqual([hash, shared].sort())
  expect(waiting[0]!.type).toBe('text/html; charset=utf-8')
  expect(await machine('fresh_blobs_to_store', { older_than_ms: 60_000 })).toEqual([])
  expect(await machine('missing_blobs', { hashes: [hash, sha256('other')] })).toEqual([sha256('other')])

  await upload(pages[0]!)
  expect(await machine('store_fresh_blobs', { hashes: [hash, shared] })).toBe(1)
  expect(await machine('read_fresh_blobs', { hashes: [hash, shared] })).toEqual({ [shared]: 'shared' })
  expect((await liveAt(db, 'preview', project.slug))!.deployment!.fresh).toEqual({ [shared]: 'shared' })
  expect(await machine('missing_blobs', { hashes: [hash] })).toEqual([])
})

test('of old previews the last twenty stay, and all that was published', async () => {
  const { owner, project } = await previews(3)
  await call(db, owner, 'publish', { project_id: project.id })
  await buildAll(db)
  await db.sql`
    insert into deployments (project_id, kind, build_id, version, trigger, manifest, hashes, file_count, size, duration_ms,
      changed_at, created_at)
    select ${project.id}, kind, gen_random_uuid(), 1, 'edit', '{}', array['old' || kind || n], 1, 1, 1, now(),
      now() - make_interval(hours => n)
    from generate_series(1, 30) n, unnest(array['preview', 'production']) kind`
  await forgetDue()
  await tick()
  const [left] = await db.sql`
    select count(*) filter (where kind = 'preview')::int as previews,
      count(*) filter (where kind = 'production')::int as published
    from deployments where project_id = ${project.id}`
  expect(left).toEqual({ previews: 20, published: 31 })
  expect((await doomed()).every((hash) => hash.startsWith('oldpreview'))).toBe(true)
  expect((await projectSnapshot(db, owner, project.id)).deployments.length).toBeLessThanOrEqual(41)
})

test('what an address shows is never forgotten, however old', async () => {
  const { project } = await previews(1)
  const live = (await hostOf(db, project.id)).deployment_id!
  await db.sql`
    insert into deployments (project_id, kind, build_id, version, trigger, manifest, hashes, file_count, size, duration_ms,
      changed_at)
    select ${project.id}, 'preview', gen_random_uuid(), 1, 'edit', '{}', '{}', 1, 1, 1, now() from generate_series(1, 30)`
  await forgetDue()
  await tick()
  expect((await hostOf(db, project.id)).deployment_id).toBe(live)
  expect(await liveAt(db, 'preview', project.slug)).toMatchObject({ deployment: { id: live } })
})

/** The first preview was forgotten an hour ago. */
async function withDoomed() {
  const place = await previews(2)
  await upload(...place.pages, 'shared')
  await machine('store_fresh_blobs', { hashes: [...place.pages, 'shared'].map(sha256) })
  await db.sql`select baton.forget_previews(1, 100)`
  await db.sql`update doomed_blobs set doomed_at = now() - interval '2 hours'`
  return { ...place, gone: sha256(place.pages[0]!) }
}

test('only blobs that no deployment names are doomed, and they are deleted once', async () => {
  const { gone } = await withDoomed()
  expect(await doomed()).toEqual([gone])
  expect(await machine('doomed_blobs_to_delete')).toEqual([gone])
  expect(await machine('doomed_blobs_to_delete')).toEqual([])
  expect(await machine('forget_blobs', { hashes: [gone] })).toBe(0)
  await remove(gone)
  expect(await machine('forget_blobs', { hashes: [gone] })).toBe(1)
  expect(await doomed()).toEqual([])
})

test('what was doomed a moment ago is left alone', async () => {
  const { gone } = await withDoomed()
  await db.sql`update doomed_blobs set doomed_at = now()`
  expect(await machine('doomed_blobs_to_delete')).toEqual([])
  expect(await doomed()).toEqual([gone])
})

test('a build that names a doomed blob again keeps it', async () => {
  const { owner, project, pages } = await withDoomed()
  await save(db, owner, project.id, 'src/again.ts', 'x')
  const { manifest } = deploymentOf({ '/index.html': pages[0]! })
  await (await claimBuild(db)).write('finish_build', { manifest })
  expect(await doomed()).toEqual([])
  expect(await machine('doomed_blobs_to_delete')).toEqual([])
})

test('a blob that is just being deleted counts as missing, until it was uploaded anew', async () => {
  const { owner, project, pages, gone } = await withDoomed()
  expect(await machine('doomed_blobs_to_delete')).toEqual([gone])
  await save(db, owner, project.id, 'src/again.ts', 'x')
  const builder = await claimBuild(db)
  const { manifest } = deploymentOf({ '/index.html': pages[0]! })
  await expect(builder.write('finish_build', { manifest })).rejects.toMatchObject({ code: 'BT041' })
  await remove(gone)
  await machine('forget_blobs', { hashes: [gone] })
  await upload(pages[0]!)
  await builder.write('finish_build', { manifest })
})

test('a builder that names a blob and one that deletes it, at once: either it stays or it is missed', async () => {
  for (let round = 0; round < 6; round++) {
    const { owner, project, pages, gone } = await withDoomed()
    await save(db, owner, project.id, 'src/again.ts', 'x')
    const builder = await claimBuild(db)
    const { manifest } = deploymentOf({ '/index.html': pages[0]! })
    const [finished, deleting] = await Promise.allSettled([
      builder.write('finish_build', { manifest }),
      machine<string[]>('doomed_blobs_to_delete'),
    ])
    const deletes = deleting.status === 'fulfilled' && deleting.value.includes(gone)
    expect(finished.status === 'fulfilled').toBe(!deletes)
    if (deletes) await builder.fail([])
  }
})

test('superseded builds are forgotten after an hour, and others when a project has many', async () => {
  const { owner, project } = await previews(1)
  await db.sql`
    insert into builds (project_id, kind, trigger, version, changed_at, state, created_at, ended_at)
    select ${project.id}, 'preview', 'edit', 1, now(), state, now() - make_interval(hours => n), now() - make_interval(hours => n)
    from generate_series(1, 250) n, unnest(array['superseded', 'failed']) state`
  await forgetDue()
  await tick()
  const builds = await buildsOf(db, project.id)
  expect(builds.filter(({ state }) => state === 'superseded').length).toBeLessThanOrEqual(1)
  expect(builds.length).toBeLessThanOrEqual(210)
  expect(builds.at(-1)).toMatchObject({ state: 'succeeded' })
  expect((await projectSnapshot(db, owner, project.id)).builds).toHaveLength(20)
})
