import { expect, test } from 'vitest'
import { createLog } from '../_shared/log.ts'
import type { ClaimedMail } from '../_shared/protocol.ts'
import type { Outbox } from './outbox.ts'
import { type Relay, sendMails } from './send-mails.ts'

const log = { ...createLog(), info() {}, warn() {} }
const mail = (id: string): ClaimedMail => ({
  id,
  to_address: `${id}@people.test`,
  subject: id,
  text_body: '',
  html_body: '',
  attempts: 1,
  token: 7,
})

function scene(waiting: string[], relay: Partial<Relay> = {}) {
  const happened: string[] = []
  const queue = waiting.map(mail)
  const note = (what: string) => {
    happened.push(what)
    return Promise.resolve(true)
  }
  const outbox: Outbox = {
    claim: () => Promise.resolve(queue.shift() ?? null),
    finish: ({ id, token }) => note(`finished ${id} with ${token}`),
    fail: ({ id, token }, error) => note(`failed ${id} with ${token}: ${error}`),
    wake: async () => void (await note('woke')),
  }
  const send = async ({ id }: ClaimedMail) => void (await note(`sent ${id}`))
  return { happened, outbox, relay: { send, isOutage: () => false, ...relay } }
}

test('every mail is sent and then finished, under its own token', async () => {
  const { happened, outbox, relay } = scene(['a', 'b'])
  expect(await sendMails(outbox, relay, log, { budgetMs: 1_000 })).toBe('empty')
  expect(happened).toEqual(['sent a', 'finished a with 7', 'sent b', 'finished b with 7'])
})

test('one that is rejected does not hold up the next', async () => {
  const send = async ({ id }: ClaimedMail) => {
    if (id === 'a') throw new Error('no such person')
  }
  const { happened, outbox, relay } = scene(['a', 'b'], { send })
  expect(await sendMails(outbox, relay, log, { budgetMs: 1_000 })).toBe('empty')
  expect(happened).toEqual(['failed a with 7: no such person', 'finished b with 7'])
})

test('an outage costs one mail an attempt, and the others none', async () => {
  const { happened, outbox, relay } = scene(['a', 'b'], {
    send: () => Promise.reject(new Error('refused')),
    isOutage: () => true,
  })
  expect(await sendMails(outbox, relay, log, { budgetMs: 1_000 })).toBe('outage')
  expect(happened).toEqual(['failed a with 7: refused'])
})

test('when the time is up it wakes its successor and claims no more', async () => {
  let time = 0
  const { happened, outbox, relay } = scene(['a', 'b'], {
    send: async () => {
      time += 600
    },
  })
  expect(await sendMails(outbox, relay, log, { budgetMs: 500, now: () => time })).toBe('time is up')
  expect(happened).toEqual(['finished a with 7', 'woke'])
})
