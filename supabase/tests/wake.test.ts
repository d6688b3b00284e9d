import { EventEmitter, on } from 'node:events'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'

let db: Database
let listener: postgres.Sql
let heard: () => Promise<string>

beforeEach(async () => {
  db = await createDatabase()
  listener = postgres(db.url(), { max: 1, onnotice: () => {} })
  const calls = new EventEmitter()
  const messages = on(calls, 'wake')
  await listener.listen('wake', (message) => calls.emit('wake', message))
  heard = async () => (await messages.next()).value[0]
})
afterEach(async () => {
  await listener.end({ timeout: 1 })
  await db[Symbol.asyncDispose]()
})

const queueMail = () => db.sql`select baton.queue_mail('reader@people.test', 'Hello', 'text', 'html')`

describe('without pg_net', () => {
  test('a wake is a notification that names the function', async () => {
    await call(db, service, 'wake', { function_name: 'agent', payload: { run: 1 } })
    expect(JSON.parse(await heard())).toEqual({ function: 'agent', payload: { run: 1 } })
  })

  test('a payload too large for a notification is left out', async () => {
    await call(db, service, 'wake', { function_name: 'agent', payload: { run: 'x'.repeat(10_000) } })
    expect(JSON.parse(await heard())).toEqual({ function: 'agent', payload: {} })
  })

  test('a queued mail wakes the function that sends it, and so does each tick while it is due', async () => {
    await queueMail()
    expect(JSON.parse(await heard())).toEqual({ function: 'mail', payload: {} })
    await call(db, service, 'tick')
    expect(JSON.parse(await heard())).toEqual({ function: 'mail', payload: {} })
    await call(db, service, 'claim_mail', { worker: 'test' })
    await call(db, service, 'tick')
    await call(db, service, 'wake', { function_name: 'marker' })
    expect(JSON.parse(await heard())).toMatchObject({ function: 'marker' })
  })
})

describe('with pg_net and a key in the Vault', () => {
  /** Both extensions exist on hosted Supabase alone: tables and functions of the same shape stand in for them. */
  beforeEach(() =>
    db.sql`
      create schema net;
      create schema vault;
      create table vault.decrypted_secrets (name text, decrypted_secret text);
      create table net.posted (url text, body jsonb, headers jsonb);
      create function net.http_post(
        url text, body jsonb default '{}', params jsonb default '{}',
        headers jsonb default '{}', timeout_milliseconds int default 2000
      ) returns bigint language sql as 'insert into net.posted values (url, body, headers) returning 1';
    `.simple(),
  )
  const posted = () => db.sql`select url, body, headers ->> 'apikey' as key from net.posted`

  test('a wake posts to the function', async () => {
    await db.sql`insert into vault.decrypted_secrets values
      ('baton_functions_url', 'https://ref.supabase.co/functions/v1/'), ('baton_secret_key', 'sb_secret_x')`
    await call(db, service, 'wake', { function_name: 'agent', payload: { run: 1 } })
    expect(await posted()).toEqual([
      { url: 'https://ref.supabase.co/functions/v1/agent', body: { run: 1 }, key: 'sb_secret_x' },
    ])
  })

  test('the address may come from the settings', async () => {
    await db.sql`insert into vault.decrypted_secrets values ('baton_secret_key', 'sb_secret_x')`
    await call(db, service, 'set_setting', { key: 'functions_url', value: 'http://api.test/functions/v1' })
    await call(db, service, 'wake', { function_name: 'mail' })
    expect(await posted()).toEqual([
      { url: 'http://api.test/functions/v1/mail', body: {}, key: 'sb_secret_x' },
    ])
  })

  test('a Vault without the key leaves it to the ticker', async () => {
    await call(db, service, 'wake', { function_name: 'mail' })
    expect(JSON.parse(await heard())).toMatchObject({ function: 'mail' })
    expect(await posted()).toHaveLength(0)
  })
})
