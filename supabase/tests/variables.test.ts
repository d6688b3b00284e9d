import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Variable } from '../functions/_shared/protocol.ts'
import { buildAll, claimBuild, projectSnapshot } from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { call } from './people.ts'
import { eventsOf, settle } from './work.ts'

let db: Database
let place: Awaited<ReturnType<typeof settle>>
beforeAll(async () => {
  db = await createDatabase()
  place = await settle(db)
  await buildAll(db)
})
afterAll(() => db[Symbol.asyncDispose]())

const set = (name: string, value: string) =>
  call<Variable>(db, place.owner, 'set_variable', { project_id: place.project.id, name, value })
/** Never written whole, so that nobody takes the examples for keys that leaked. */
const shape = (...parts: string[]) => parts.join('')
const token = (claims: object) =>
  `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`

test('a public variable reaches the next build, and no event carries its value', async () => {
  await set('VITE_GREETING', 'Good day')
  const builder = await claimBuild(db)
  expect(builder.claimed.build.trigger).toBe('variables')
  expect(builder.claimed.variables).toEqual({ VITE_GREETING: 'Good day' })
  await builder.finish()
  const [deployment] = await db.sql`
    select variables from deployments where project_id = ${place.project.id} order by created_at desc limit 1`
  expect(deployment!.variables).toEqual({ VITE_GREETING: 'Good day' })
  const events = await eventsOf(db, place.topic)
  expect(JSON.stringify(events)).not.toContain('Good day')
  expect(events.filter(({ kind }) => kind === 'variable.changed')).toMatchObject([
    { payload: { name: 'VITE_GREETING', updated_by: place.owner.sub } },
  ])
})

test('setting what is set already builds nothing', async () => {
  await set('VITE_SAME', 'a')
  await buildAll(db)
  const before = (await eventsOf(db, place.topic)).length
  expect(await set('VITE_SAME', 'a')).toMatchObject({ name: 'VITE_SAME', value: 'a' })
  expect((await eventsOf(db, place.topic)).length).toBe(before)
})

test('a variable that is deleted is gone from the next build', async () => {
  await set('VITE_GONE', 'a')
  await call(db, place.owner, 'delete_variable', { project_id: place.project.id, name: 'VITE_GONE' })
  expect(
    (await projectSnapshot(db, place.owner, place.project.id)).variables.map(({ name }) => name),
  ).not.toContain('VITE_GONE')
  const builder = await claimBuild(db)
  expect(builder.claimed.variables).not.toHaveProperty('VITE_GONE')
  await builder.finish()
})

test.each(['API_KEY', 'vite_a', 'VITE_', 'VITE_A B', 'VITE_A=B', `VITE_${'A'.repeat(61)}`, 'NODE_ENV', ''])(
  'the name "%s" is refused',
  async (name) => {
    await expect(set(name, 'value')).rejects.toMatchObject({
      code: 'BT004',
      hint: expect.stringContaining('VITE_'),
    })
  },
)

test.each([
  'VITE_SECRET',
  'VITE_DB_PASSWORD',
  'VITE_STRIPE_SECRET_KEY',
  'VITE_SUPABASE_SERVICE_ROLE_KEY',
  'VITE_private_key',
])('the name "%s" says that it is a secret, and is refused', async (name) => {
  await expect(set(name, 'value')).rejects.toMatchObject({
    code: 'BT043',
    hint: expect.stringContaining('backend'),
  })
})

test.each([
  shape('sk_', 'live_4eC39HqLyjWDarjtT1zdp7dc'),
  shape('sk-', 'ant-api03-abcdefghijklmnop'),
  shape('sk-', 'proj-abcdefghijklmnop'),
  shape('sb_', 'secret_abcdefghijklmnopqrstuv'),
  shape('ghp', '_abcdefghijklmnopqrstuvwxyz0123456789'),
  shape('github', '_pat_11ABCDEFG0abcdefghijklmnop'),
  shape('xoxb', '-123456789012-abcdefghijkl'),
  shape('AKIA', 'IOSFODNN7EXAMPLE'),
  shape('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIE'),
  'postgresql://postgres:hunter2@db.example.com:5432/postgres',
  '{"type":"service_account","private_key": "x"}',
  token({ role: 'service_role', exp: 1983812996 }),
])('a value of the shape of a secret is refused, is stored nowhere, and is not repeated', async (secret) => {
  const refusal = await set('VITE_KEY', secret).catch((error) => error)
  expect(refusal).toMatchObject({ code: 'BT043' })
  expect(`${refusal.message} ${refusal.hint} ${refusal.detail}`).not.toContain(secret)
  const [kept] = await db.sql`select count(*)::int from variables where value = ${secret}`
  expect(kept).toEqual({ count: 0 })
  expect(JSON.stringify(await eventsOf(db, place.topic))).not.toContain(secret)
})

test.each([
  'pk_live_51H8abcdefghijkl',
  'sb_publishable_abcdefghijklmnop',
  'AIzaSyA-public-key-of-a-map',
  'https://project.supabase.co',
  'task-list-of-the-week',
  'ey.not.a.token',
  'eyJhbGciOiJIUzI1NiJ9.!!!.c2ln',
  token({ role: 'anon', exp: 1983812996 }),
  'Zeile eins\nZeile zwei',
  '',
])('the public value "%s" is taken', async (value) => {
  expect(await set('VITE_PUBLIC', value)).toMatchObject({ value })
})

test.each(['x'.repeat(4097), 'a\u0001b'])(
  'a value that is too large or has control characters is refused',
  async (value) => {
    await expect(set('VITE_LARGE', value)).rejects.toMatchObject({ code: 'BT004' })
  },
)

test('an app has at most a hundred', async () => {
  const other = await settle(db)
  await db.sql`
    insert into variables (project_id, name, value)
    select ${other.project.id}, 'VITE_' || n, 'x' from generate_series(1, 100) n`
  const one = (name: string) =>
    call(db, other.owner, 'set_variable', { project_id: other.project.id, name, value: 'y' })
  await expect(one('VITE_MORE')).rejects.toMatchObject({ code: 'BT011' })
  await one('VITE_7')
})
