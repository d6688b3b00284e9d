/** Several builders, many people: who gets what, and that nobody waits for ever. */
import { EventEmitter, on } from 'node:events'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  buildAll,
  builderOf,
  buildsOf,
  claimBuild,
  deploymentOf,
  expireBuildLease,
  fault,
  hostOf,
  tryClaimBuild,
} from './builders.ts'
import { type Crowd, gather, outcomes, seededRandom } from './crowd.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import { claim, createProject, save, send, settle } from './work.ts'

let db: Database
let crowd: Crowd
beforeAll(async () => {
  db = await createDatabase()
  crowd = await gather(db, 24)
})
afterAll(async () => {
  await crowd[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
})

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))

test('six builders share thirty projects: each is built once, and none by two', async () => {
  const { owner, team } = await settle(db)
  await buildAll(db)
  const projects = await Promise.all(times(30, (n) => createProject(db, owner, team.id, `App ${n}`)))
  const built: string[] = []
  await Promise.all(
    times(6, async (n) => {
      for (let idle = 0; idle < 3; ) {
        const claimed = await tryClaimBuild(crowd, { worker: `builder ${n}` })
        if (!claimed) idle += 1
        else {
          await builderOf(crowd, claimed).finish()
          built.push(claimed.project.id)
        }
      }
    }),
  )
  expect(built.sort()).toEqual(projects.map(({ id }) => id).sort())
})

test('of twenty builders that claim one build, one gets it', async () => {
  for (let round = 0; round < 5; round++) {
    await settle(db)
    const claims = await Promise.all(times(20, () => tryClaimBuild(crowd, { worker: 'the same' })))
    const won = claims.filter((one) => one !== null)
    expect(won).toHaveLength(1)
    await builderOf(db, won[0]!).finish()
  }
})

test('of twenty builders that find a dead one, one follows it', async () => {
  await settle(db)
  const dead = await claimBuild(db)
  await expireBuildLease(db, dead.claimed.build.id)
  const claims = await Promise.all(times(20, () => tryClaimBuild(crowd)))
  const won = claims.filter((one) => one !== null)
  expect(won.map(({ token }) => token)).toEqual([dead.claimed.token + 1])
  await builderOf(db, won[0]!).finish()
})

test('what is written while builds are claimed and finished is always built in the end', async () => {
  const { owner, project } = await settle(db)
  await buildAll(db)
  let writing = true
  const builders = times(3, async (n) => {
    for (let idle = 0; writing || idle < 2; ) {
      const claimed = await tryClaimBuild(crowd, { worker: `builder ${n}` })
      if (!claimed) {
        idle += 1
        continue
      }
      const { sources, build } = claimed
      expect(build.version).toBe(sources.version)
      const page = sources.files.map(({ path, content }) => `${path} ${content}`).join('\n')
      await builderOf(crowd, claimed).finish(page)
    }
  })
  await Promise.all(
    times(6, async (n) => {
      let version = 0
      for (let turn = 0; turn < 8; turn++) {
        version = (await save(crowd, owner, project.id, `src/${n}.ts`, `${n} at ${turn}`, version)).version
      }
    }),
  ).finally(() => {
    writing = false
  })
  await Promise.all(builders)
  await buildAll(db)
  const { deployment_id } = await hostOf(db, project.id)
  const [shown] = await db.sql`
    select version, (select t.version from trees t where t.project_id = d.project_id) as newest
    from deployments d where id = ${deployment_id}`
  expect(shown!.version).toBe(shown!.newest)
})

test('a builder that goes by its changes alone has the same files as one that reads them all', async () => {
  const random = seededRandom(7)
  const { owner, project } = await settle(db)
  await buildAll(db)
  const mine = new Map<string, string>()
  let held: number | undefined
  for (let round = 0; round < 12; round++) {
    const { files } = await call<{ files: { path: string; version: number }[] }>(
      db,
      owner,
      'project_snapshot',
      {
        project_id: project.id,
      },
    )
    for (let act = 0; act < 4; act++) {
      const path = `src/${random(6)}.ts`
      const there = files.find((file) => file.path === path)
      const at = { project_id: project.id, base_version: there?.version ?? 0 }
      const kind = random(3)
      const acts = [
        () => save(db, owner, project.id, path, `${round} ${act}`, there?.version ?? 0),
        () => call(db, owner, 'delete_file', { ...at, path }),
        () => call(db, owner, 'move_file', { ...at, from_path: path, to_path: `src/${random(6)}.ts` }),
      ]
      await acts[kind]!().catch(() => {})
    }
    const claimed = await tryClaimBuild(db, { held: held === undefined ? {} : { [project.id]: held } })
    if (!claimed) continue
    const { sources } = claimed
    if (sources.base_version === null) mine.clear()
    for (const path of sources.removed) mine.delete(path)
    for (const { path, content } of sources.files) mine.set(path, content!)
    held = sources.version
    await builderOf(db, claimed).finish()
    const contents = await call<{ path: string; content: string }[]>(db, service, 'read_contents', {
      project_id: project.id,
    })
    expect([...mine].sort()).toEqual(contents.map(({ path, content }) => [path, content]).sort())
  }
})

test('people, agents and builders take the locks in one order: under load nobody is a victim', async () => {
  const { owner, project, chat } = await settle(db)
  await buildAll(db)
  const random = seededRandom(11)
  const published = async () => {
    const [row] = await db.sql`
      select id from deployments where project_id = ${project.id} and kind = 'production' order by random() limit 1`
    return row?.id ?? project.id
  }
  const act = async (kind: number) => {
    if (kind === 0) return await save(crowd, owner, project.id, `src/${random(1e9)}.ts`, 'x')
    if (kind === 1) return await call(crowd, owner, 'publish', { project_id: project.id })
    if (kind === 2) {
      const deployment_id = await published()
      return await call(crowd, owner, 'rollback', { project_id: project.id, deployment_id })
    }
    if (kind === 3) return await call(crowd, service, 'tick')
    if (kind === 4) return await call(crowd, owner, 'request_build', { project_id: project.id })
    if (kind === 5) {
      return await call(crowd, owner, 'set_variable', {
        project_id: project.id,
        name: 'VITE_A',
        value: `${random(9)}`,
      })
    }
    if (kind === 6) return await send(crowd, owner, chat.id)
    if (kind === 7) {
      const [run] = await db.sql`select id from runs where chat_id = ${chat.id} and state = 'queued'`
      if (!run) return null
      const worker = await claim(crowd, run.id)
      const turn = await worker.openTurn()
      const made = await worker.call(turn, 0)
      await worker.finish(made, [
        { kind: 'write', path: `src/${random(1e9)}.ts`, content: 'y', base_version: 0 },
      ])
      await worker.closeTurn(turn, 'tool_use')
      return await worker.complete()
    }
    const claimed = await tryClaimBuild(crowd, { worker: `${random(3)}` })
    if (!claimed) return null
    const builder = builderOf(crowd, claimed)
    if (random(3) === 0) return await builder.fail([fault(`Fault ${random(1e9)}`)])
    return await builder.write('finish_build', deploymentOf({ '/index.html': `${random(4)}` }))
  }
  const ended = await outcomes(times(160, (n) => act(n % 10)))
  const { ok, ...refused } = ended
  expect(ok).toBeGreaterThan(60)
  const expected = ['BT003', 'BT011', 'BT020', 'BT023', 'BT026', 'BT040', 'Error: Nobody can claim']
  expect(Object.keys(refused).filter((code) => !expected.some((one) => code.startsWith(one)))).toEqual([])
  await buildAll(db)
})

test('builders and the preview host are told at once, of what, and only when it is committed', async () => {
  const listener = postgres(db.url(), { max: 1, onnotice: () => {} })
  const calls = new EventEmitter()
  const heard = on(calls, 'told')
  for (const channel of ['builds', 'hosts'])
    await listener.listen(channel, (payload) => calls.emit('told', [channel, payload]))
  const next = async () => (await heard.next()).value[0] as [string, string]
  try {
    const { owner, project } = await settle(db)
    expect(await next()).toEqual(['builds', project.id])
    const { deployment_id } = await (await claimBuild(db)).finish()
    const [channel, payload] = await next()
    expect(channel).toBe('hosts')
    expect(JSON.parse(payload)).toMatchObject({
      kind: 'preview',
      slug: project.slug,
      project_id: project.id,
      deployment_id,
    })
    await expect(save(db, owner, project.id, '../a', 'x')).rejects.toThrow()
    await save(db, owner, project.id, 'src/a.ts', 'x')
    await save(db, owner, project.id, 'src/b.ts', 'x')
    expect(await next()).toEqual(['builds', project.id])
    await call(db, owner, 'set_preview_visibility', { project_id: project.id, visibility: 'private' })
    expect((await next())[0]).toBe('hosts')
    expect(await buildsOf(db, project.id)).toHaveLength(2)
    await buildAll(db)
  } finally {
    await listener.end({ timeout: 1 })
  }
})
