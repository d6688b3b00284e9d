import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Build, Domain, Host, PublishPlan } from '../functions/_shared/protocol.ts'
import { buildAll, buildsOf, claimBuild, hostOf, liveAt, tryClaimBuild } from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { call, join, type Person, service, signUp } from './people.ts'
import { save, settle } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

const publish = (self: Person, project_id: string, checkpoint_id: string | null = null) =>
  call<Build>(db, self, 'publish', { project_id, checkpoint_id })
const rollback = (self: Person, project_id: string, deployment_id: string) =>
  call<Host>(db, self, 'rollback', { project_id, deployment_id })
const plan = (self: Person, project_id: string) => call<PublishPlan>(db, self, 'publish_plan', { project_id })
const claimProduction = () => claimBuild(db, { kinds: ['production'] })

/** Published twice: the first deployment, and the second, which is live. */
async function publishedTwice() {
  const place = await settle(db)
  const { owner, project } = place
  await publish(owner, project.id)
  await buildAll(db)
  const first = (await hostOf(db, project.id, 'production')).deployment_id!
  await save(db, owner, project.id, 'src/new.ts', 'new')
  await publish(owner, project.id)
  await buildAll(db)
  const second = (await hostOf(db, project.id, 'production')).deployment_id!
  return { ...place, first, second }
}

test('what is published is a checkpoint, and stays as it was while files change', async () => {
  const { owner, project, planted } = await settle(db)
  const asked = await publish(owner, project.id)
  expect(asked).toMatchObject({
    kind: 'production',
    state: 'pending',
    trigger: 'publish',
    requested_by: owner.sub,
  })
  await save(db, owner, project.id, 'src/later.ts', 'later')
  const builder = await claimProduction()
  expect(builder.claimed.sources).toMatchObject({ version: planted, base_version: null, removed: [] })
  expect(builder.claimed.sources.files.map(({ path }) => path)).not.toContain('src/later.ts')
  const { deployment_id } = await builder.finish('<p>Published</p>')
  expect(await liveAt(db, 'production', project.slug)).toMatchObject({
    allowed: true,
    deployment: { id: deployment_id },
  })
  expect((await hostOf(db, project.id)).deployment_id).toBeNull()
  await buildAll(db)
})

test('a member is told whom to ask', async () => {
  const { owner, team, project } = await settle(db)
  const member = await signUp(db, 'Member')
  await join(db, owner, team.id, member, 'member')
  await expect(publish(member, project.id)).rejects.toMatchObject({
    code: 'BT002',
    detail: expect.stringContaining(owner.sub),
  })
  expect(await plan(member, project.id)).toMatchObject({ ask: [{ user_id: owner.sub, role: 'owner' }] })
  expect(await plan(owner, project.id)).toMatchObject({ ask: null })
  await buildAll(db)
})

test('the plan says what would change for the world', async () => {
  const { owner, project } = await publishedTwice()
  expect(await plan(owner, project.id)).toMatchObject({
    files: [],
    variables: [],
    production: { kind: 'production' },
  })
  const { files } = await call<{ files: { path: string; version: number }[] }>(
    db,
    owner,
    'project_snapshot',
    {
      project_id: project.id,
    },
  )
  const app = files.find(({ path }) => path === 'src/App.tsx')!
  const gone = files.find(({ path }) => path === 'src/new.ts')!
  await save(db, owner, project.id, 'src/App.tsx', 'other', app.version)
  await save(db, owner, project.id, 'src/b.ts', 'bb')
  await call(db, owner, 'delete_file', {
    project_id: project.id,
    path: gone.path,
    base_version: gone.version,
  })
  await call(db, owner, 'set_variable', { project_id: project.id, name: 'VITE_COLOUR', value: 'blue' })
  const { files: changed, variables, checkpoint } = await plan(owner, project.id)
  expect(changed).toMatchObject([
    { path: 'src/App.tsx', change: 'changed', size: 5 },
    { path: 'src/b.ts', change: 'added', size: 2, old_size: 0 },
    { path: 'src/new.ts', change: 'removed', size: 0, old_size: 3 },
  ])
  expect(variables).toEqual([{ name: 'VITE_COLOUR', change: 'added' }])
  expect(checkpoint).toBeNull()
  await buildAll(db)
})

test('going back is the pointer alone, and goes both ways', async () => {
  const { owner, project, first, second } = await publishedTwice()
  expect(await rollback(owner, project.id, first)).toMatchObject({ deployment_id: first })
  expect(await liveAt(db, 'production', project.slug)).toMatchObject({ deployment: { id: first } })
  expect(await tryClaimBuild(db)).toBeNull()
  expect(await rollback(owner, project.id, second)).toMatchObject({ deployment_id: second })
})

test('a preview, or what another project published, is nothing to go back to', async () => {
  const { owner, project, second } = await publishedTwice()
  const preview = (await hostOf(db, project.id)).deployment_id!
  const other = await publishedTwice()
  for (const deployment of [preview, other.first, project.id]) {
    await expect(rollback(owner, project.id, deployment)).rejects.toMatchObject({ code: 'BT003' })
  }
  expect((await hostOf(db, project.id, 'production')).deployment_id).toBe(second)
})

test.each(['pending', 'running'])('whoever goes back cancels the publish that is %s', async (state) => {
  const { owner, project, first } = await publishedTwice()
  await publish(owner, project.id)
  const builder = state === 'running' ? await claimProduction() : null
  await rollback(owner, project.id, first)
  await expect(builder?.finish() ?? Promise.reject({ code: 'BT040' })).rejects.toMatchObject({
    code: 'BT040',
  })
  expect((await buildsOf(db, project.id)).at(-1)).toMatchObject({ state: 'cancelled', reason: 'rolled_back' })
  expect((await hostOf(db, project.id, 'production')).deployment_id).toBe(first)
  expect(await tryClaimBuild(db)).toBeNull()
})

test('what is taken down shows nothing, and can be put up again at once', async () => {
  const { owner, project, second } = await publishedTwice()
  expect(await call<Host>(db, owner, 'unpublish', { project_id: project.id })).toMatchObject({
    deployment_id: null,
  })
  expect(await liveAt(db, 'production', project.slug)).toMatchObject({ deployment: null })
  expect(await rollback(owner, project.id, second)).toMatchObject({ deployment_id: second })
})

test('of two who publish at once the later one waits its turn, and is what stays', async () => {
  const { owner, project } = await publishedTwice()
  const [one, two] = await Promise.all([publish(owner, project.id), publish(owner, project.id)])
  const states = (await buildsOf(db, project.id)).filter(({ id }) => id === one.id || id === two.id)
  expect(states.map(({ state }) => state)).toEqual(['superseded', 'pending'])
  await buildAll(db)
  const live = await liveAt(db, 'production', project.slug)
  expect(live!.deployment!.build_id).toBe(states[1]!.id)
})

test('a publish that ends and a rollback at the same moment leave one whole deployment, and the rollback wins', async () => {
  for (let round = 0; round < 8; round++) {
    const { owner, project, first } = await publishedTwice()
    await publish(owner, project.id)
    const builder = await claimProduction()
    const [finished, rolled] = await Promise.allSettled([
      builder.finish(),
      rollback(owner, project.id, first),
    ])
    expect(rolled.status).toBe('fulfilled')
    if (finished.status === 'rejected') expect(finished.reason).toMatchObject({ code: 'BT040' })
    const live = await liveAt(db, 'production', project.slug)
    expect(live!.deployment!.id).toBe(first)
    expect(Object.keys(live!.deployment!.manifest.files)).toContain(live!.deployment!.manifest.entry)
  }
})

test('many who publish, go back and take down at once never deadlock, and the pointer is one of theirs', async () => {
  const { owner, project, first, second } = await publishedTwice()
  const acts = [
    () => publish(owner, project.id),
    () => rollback(owner, project.id, first),
    () => rollback(owner, project.id, second),
    () => call(db, owner, 'unpublish', { project_id: project.id }),
    () => save(db, owner, project.id, `src/${Math.random()}.ts`, 'x'),
    () => buildAll(db).catch((error) => expect(error).toMatchObject({ code: 'BT040' })),
  ]
  const all = await Promise.allSettled(Array.from({ length: 48 }, (_, turn) => acts[turn % acts.length]!()))
  const failures = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  expect(failures).toEqual([])
  const { deployment_id } = await hostOf(db, project.id, 'production')
  const known =
    await db.sql`select id from deployments where project_id = ${project.id} and kind = 'production'`
  expect([null, ...known.map(({ id }) => id)]).toContain(deployment_id)
})

describe('a domain', () => {
  const set = (self: Person, project_id: string, domain: string) =>
    call<Domain>(db, self, 'set_domain', { project_id, domain })
  const check = async (ok: boolean, problem: string | null = null) => {
    const [due] = await call<(Domain & { token: number })[]>(db, service, 'domain_checks_due')
    return await call<boolean>(db, service, 'finish_domain_check', {
      domain: due!.domain,
      token: due!.token,
      ok,
      problem,
    })
  }

  test('shows the app once its record was found', async () => {
    const { owner, project, second } = await publishedTwice()
    const domain = await set(owner, project.id, ' Shop.Example.com. ')
    expect(domain).toMatchObject({
      domain: 'shop.example.com',
      state: 'waiting',
      record_name: '_baton.shop.example.com',
      record_value: expect.stringMatching(/^baton-verify=[0-9a-f]{32}$/),
    })
    expect(await liveAt(db, 'domain', 'shop.example.com')).toBeNull()
    const act = { project_id: project.id, domain: 'shop.example.com' }
    await call(db, owner, 'verify_domain', act)
    await check(false, 'There is no such record.')
    expect(await call(db, owner, 'set_domain', act)).toMatchObject({
      state: 'failed',
      problem: 'There is no such record.',
    })
    await call(db, owner, 'verify_domain', act)
    await check(true)
    expect(await liveAt(db, 'domain', 'shop.example.com')).toMatchObject({ deployment: { id: second } })
    await call(db, owner, 'remove_domain', act)
    expect(await liveAt(db, 'domain', 'shop.example.com')).toBeNull()
  })

  test('that is proved is nobody else’s, and one that is not goes to who can prove it', async () => {
    const ours = await publishedTwice()
    const theirs = await publishedTwice()
    await set(ours.owner, ours.project.id, 'open.example.com')
    expect(await set(theirs.owner, theirs.project.id, 'open.example.com')).toMatchObject({
      project_id: theirs.project.id,
    })
    await call(db, theirs.owner, 'verify_domain', {
      project_id: theirs.project.id,
      domain: 'open.example.com',
    })
    await check(true)
    await expect(set(ours.owner, ours.project.id, 'open.example.com')).rejects.toMatchObject({
      code: 'BT044',
    })
  })

  test('whose check was asked for again believes only the last answer', async () => {
    const { owner, project } = await publishedTwice()
    const act = { project_id: project.id, domain: 'twice.example.com' }
    await set(owner, project.id, act.domain)
    await call(db, owner, 'verify_domain', act)
    const [stale] = await call<(Domain & { token: number })[]>(db, service, 'domain_checks_due')
    await call(db, owner, 'verify_domain', act)
    await check(false)
    const late = { domain: act.domain, token: stale!.token, ok: true }
    expect(await call(db, service, 'finish_domain_check', late)).toBe(false)
    expect(await liveAt(db, 'domain', act.domain)).toBeNull()
  })

  test.each([
    '',
    'example',
    'http://a.example.com',
    'a b.com',
    '-a.com',
    '127.0.0.1',
    'app.localhost',
    'a..com',
    `${'a'.repeat(64)}.com`,
    "a.com'; --",
  ])('is not "%s"', async (domain) => {
    const { owner, project } = await settle(db)
    await expect(set(owner, project.id, domain)).rejects.toMatchObject({ code: 'BT004' })
    await buildAll(db)
  })
})
