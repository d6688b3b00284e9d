/** Baton's own functions, behind the gateway, on a database, woken by the ticker. */
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts'
import { pickFreePorts } from '../launcher/ports.ts'
import { createLog } from '../log.ts'
import type { RunningPart } from '../part.ts'
import { eventually } from '../testing/eventually.ts'
import { ROOT_DIR } from '../testing/throwaway.ts'
import { startTicker } from '../ticker/start.ts'
import { startFunctions } from './start.ts'
import { createProject } from './throwaway-functions.ts'

const WHO_AM_I = `
  import { requireUser } from '../_shared/auth.ts'
  import { answering, json } from '../_shared/respond.ts'
  Deno.serve(answering({ GET: async (request) => json(await requireUser(request)) }))`

const lines: string[] = []
const project = createProject({})
let gateway: TestGateway
let parts: RunningPart[]

beforeAll(async () => {
  cpSync(join(ROOT_DIR, 'supabase/functions'), join(project.config.rootDir, 'supabase/functions'), {
    recursive: true,
  })
  const declared = readFileSync(join(ROOT_DIR, 'supabase/config.toml'), 'utf8')
  project.write('config.toml', `${declared}\n[functions.whoami]\nverify_jwt = false\n`)
  project.write('functions/whoami/index.ts', WHO_AM_I)
  project.write(
    'functions/whoami/deno.json',
    '{"imports":{"@supabase/supabase-js":"npm:@supabase/supabase-js@2.109.0"}}',
  )
  const [api = 0, functions = 0, smtp = 0] = await pickFreePorts(3)
  gateway = await startTestGateway((config) => ({
    ...config,
    ports: { ...config.ports, api },
    internal: { ...config.internal, functions, smtp },
  }))
  const { config } = gateway
  const log = createLog('test', (line) => lines.push(line))
  parts = await Promise.all([
    startFunctions({ config: { ...config, rootDir: project.config.rootDir }, log }),
    startTicker({ config, log, everyMs: 3_600_000 }),
  ])
})
afterAll(async () => {
  await Promise.all(parts.map((part) => part.stop()))
  await gateway[Symbol.asyncDispose]()
  await project[Symbol.asyncDispose]()
})

test('anybody may ask about the server', async () => {
  const { data, error } = await gateway.client().functions.invoke('about', { method: 'GET' })
  expect(error).toBeNull()
  expect(data).toEqual({
    version: '1.2.3',
    protocolVersion: expect.any(Number),
    model: { kind: 'rehearsal', label: 'Rehearsal model' },
  })
})

test('a mail that a transaction wrote is sent as soon as it commits, and its body is forgotten', async () => {
  const sql = gateway.database.sql('postgres')
  await sql`select baton.queue_mail('ada@people.test', 'Welcome', 'Come in.', '<p>Come in.</p>')`
  const row = () => sql`select state, attempts, text_body, last_error from public.mails`
  await eventually(async () => expect((await row())[0]).toMatchObject({ state: 'sent' }))
  expect(await row()).toEqual([{ state: 'sent', attempts: 1, text_body: null, last_error: null }])
  expect(await gateway.mailTo('ada@people.test')).toMatchObject({ subject: 'Welcome' })
})

test('mails are sent for nobody but Baton itself', async () => {
  const { error } = await gateway.client().functions.invoke('mail', { method: 'POST' })
  expect(error?.context.status).toBe(403)
  expect(await error?.context.json()).toMatchObject({ code: 'BT002' })
})

test('a function knows the person who calls by their token, and no one by a forged one', async () => {
  const { data: signedUp } = await gateway
    .client()
    .auth.signUp({ email: 'ada@people.test', password: 'correct horse' })
  const sub = signedUp.user!.id
  const ask = async (token: string) => {
    const { data, error } = await gateway.client({ token }).functions.invoke('whoami', { method: 'GET' })
    return data ?? (await error.context.json())
  }
  const claims = { sub, role: 'authenticated', aud: 'authenticated', email: 'ada@people.test' }
  const token = await gateway.token(claims)
  expect(await ask(token)).toEqual({ id: sub, email: 'ada@people.test', token })
  expect(await ask(await gateway.token({ role: 'anon' }))).toMatchObject({ code: 'BT001' })
  expect(await ask(`${token.slice(0, -4)}AAAA`)).toMatchObject({ code: 'BT001' })
})
