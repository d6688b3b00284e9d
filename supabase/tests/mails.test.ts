import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClaimedMail } from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'

let db: Database
beforeEach(async () => {
  db = await createDatabase()
})
afterEach(() => db[Symbol.asyncDispose]())

const queue = async () => {
  const [row] = await db.sql<{ id: string }[]>`
    select baton.queue_mail('reader@people.test', 'Hello', 'text', '<p>text</p>') as id`
  return row!.id
}
const claim = () => call<ClaimedMail | null>(db, service, 'claim_mail', { worker: 'test', lease_seconds: 60 })
const finish = ({ id, token }: ClaimedMail) => call(db, service, 'finish_mail', { mail_id: id, token })
const fail = ({ id, token }: ClaimedMail, error = 'no relay') =>
  call(db, service, 'fail_mail', { mail_id: id, token, error })
const row = async (id: string) => (await db.sql`select * from mails where id = ${id}`)[0]!
const letLeaseExpire = () => db.sql`update mails set lease_expires_at = now() - interval '1 second'`
const makeDue = () => db.sql`update mails set next_attempt_at = now()`

describe('a mail', () => {
  test('is sent once, and its body is wiped', async () => {
    const id = await queue()
    const mail = (await claim())!
    expect(mail).toEqual({
      id,
      to_address: 'reader@people.test',
      subject: 'Hello',
      text_body: 'text',
      html_body: '<p>text</p>',
      attempts: 1,
      token: 1,
    })
    expect(await claim()).toBeNull()
    expect(await finish(mail)).toBe(true)
    expect(await row(id)).toMatchObject({ state: 'sent', text_body: null, html_body: null })
    expect(await finish(mail)).toBe(false)
    expect(await fail(mail)).toBe(false)
  })

  test('of a sender that died goes to the next, and the dead one can neither finish nor fail it', async () => {
    const id = await queue()
    const stale = (await claim())!
    await letLeaseExpire()
    const fresh = (await claim())!
    expect(fresh).toMatchObject({ id, token: 2, attempts: 2 })
    expect(await finish(stale)).toBe(false)
    expect(await fail(stale)).toBe(false)
    expect(await row(id)).toMatchObject({ state: 'sending' })
    expect(await finish(fresh)).toBe(true)
  })

  test('that fails waits longer each time, and is given up after eight attempts', async () => {
    const id = await queue()
    const waits: number[] = []
    for (let attempt = 1; attempt <= 8; attempt++) {
      await makeDue()
      const mail = (await claim())!
      expect(await fail(mail, `no relay ${attempt}`)).toBe(true)
      expect(await claim()).toBeNull()
      const [wait] = await db.sql`
        select extract(epoch from next_attempt_at - now())::float as seconds from mails where id = ${id}`
      waits.push(wait!.seconds)
    }
    for (const [index, seconds] of waits.entries()) {
      expect(seconds).toBeGreaterThan(10 * 2 ** index - 2)
      expect(seconds).toBeLessThan(10 * 2 ** index * 1.25 + 2)
    }
    await makeDue()
    expect(await claim()).toBeNull()
    expect(await row(id)).toMatchObject({
      state: 'failed',
      last_error: 'no relay 8',
      text_body: null,
      html_body: null,
    })
  })

  test('whose sender died at the last attempt is given up by the tick', async () => {
    const id = await queue()
    await claim()
    await db.sql`update mails set attempts = 8`
    await letLeaseExpire()
    expect(await claim()).toBeNull()
    await call(db, service, 'tick')
    expect(await row(id)).toMatchObject({ state: 'failed', text_body: null })
  })

  test('is forgotten 30 days after it was sent', async () => {
    await queue()
    await finish((await claim())!)
    await queue()
    await db.sql`update mails set created_at = now() - interval '31 days'`
    await call(db, service, 'tick')
    expect(await db.sql`select state from mails`).toEqual([{ state: 'queued' }])
  })
})
