import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../testing/throwaway.ts'
import { type Catcher, startCatcher } from './catcher.ts'
import { type Mailbox, openMailbox } from './mailbox.ts'

let folder: string
let mailbox: Mailbox
let catcher: Catcher

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-mail-'))
  mailbox = await openMailbox(folder)
  catcher = await startCatcher(0, mailbox, silentLog)
})
afterEach(async () => {
  await catcher.stop()
  await rm(folder, { recursive: true })
})

const send = (mail: object) =>
  createTransport({ host: '127.0.0.1', port: catcher.port, auth: { user: 'any', pass: 'thing' } }).sendMail({
    from: 'Somebody <from@x.test>',
    ...mail,
  })

test('a mail is kept as it was sent, and read again', async () => {
  const text = 'Größe: ✓\nSee https://x.test/a?b=c&d=e, or (http://y.test/z).'
  await send({
    to: 'Ann@X.test',
    cc: 'c@x.test',
    bcc: 'b@x.test',
    subject: 'Über „alles“',
    text,
    html: '<p>Größe</p>',
  })
  const [summary] = mailbox.list()
  expect(summary).toMatchObject({ subject: 'Über „alles“', from: 'Somebody <from@x.test>' })
  expect(summary?.to.sort()).toEqual(['ann@x.test', 'b@x.test', 'c@x.test'])
  const message = await mailbox.get(summary!.id)
  expect(message?.text.trim()).toBe(text)
  expect(message?.html?.trim()).toBe('<p>Größe</p>')
  expect(message?.links).toEqual(['https://x.test/a?b=c&d=e', 'http://y.test/z'])
  expect(await readFile(join(folder, `${summary!.id}.eml`), 'utf8')).toContain('Delivered-To: b@x.test')
})

test('a mail of HTML alone can be read as text', async () => {
  await send({
    to: 'a@x.test',
    html: '<style>p{}</style><p>Hello <a href="http://x.test/?a=1&amp;b=2">there</a></p>',
  })
  const message = await mailbox.get(mailbox.list()[0]!.id)
  expect(message?.text).toContain('Hello there (http://x.test/?a=1&b=2)')
  expect(message?.links).toEqual(['http://x.test/?a=1&b=2'])
})

test('the newest comes first, and one person has those that were sent to them', async () => {
  for (const [to, subject] of [
    ['a@x.test', '1'],
    ['b@x.test', '2'],
    ['a@x.test', '3'],
  ])
    await send({ to, subject, text: 'x' })
  expect(mailbox.list().map(({ subject }) => subject)).toEqual(['3', '2', '1'])
  expect(mailbox.list('A@x.test').map(({ subject }) => subject)).toEqual(['3', '1'])
})

test('the mailbox is the same after a restart, whatever else lies in its folder', async () => {
  await send({ to: 'a@x.test', subject: 'kept', text: 'x' })
  await writeFile(join(folder, 'notes.txt'), 'not a mail')
  await writeFile(join(folder, '000000000000001-aaaaaaaaaaaa.eml'), '\0\xff broken')
  const reopened = await openMailbox(folder)
  expect(reopened.list().map(({ subject }) => subject)).toEqual(['kept', ''])
})

test('only the newest are kept, and none after emptying', async () => {
  const small = await openMailbox(folder, 3)
  for (const number of [1, 2, 3, 4, 5])
    await small.add(Buffer.from(`Subject: ${number}\r\n\r\nx`), ['a@x.test'])
  expect(small.list().map(({ subject }) => subject)).toEqual(['5', '4', '3'])
  expect(readdirSync(folder)).toHaveLength(3)
  await small.clear()
  expect([small.list(), readdirSync(folder)]).toEqual([[], []])
})

test('an id from outside cannot name another file', async () => {
  expect(await mailbox.get('../../etc/passwd')).toBeNull()
})

test('whoever looks on is told of each mail', async () => {
  const told = new Promise<void>((settle) => mailbox.onChange(settle))
  await send({ to: 'a@x.test', text: 'x' })
  await told
})

test('a mail beyond the limit is refused, and the next one is taken', async () => {
  await expect(send({ to: 'a@x.test', text: 'x'.repeat(11_000_000) })).rejects.toThrow(/552|10 MB|size/i)
  await send({ to: 'a@x.test', subject: 'fine', text: 'x' })
  expect(mailbox.list()).toHaveLength(1)
})
