import { once } from 'node:events'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test, vi } from 'vitest'
import { openRelay } from './relay.ts'

const mail = {
  id: '0b6c7d6e-0000-4000-8000-000000000001',
  to_address: 'ada@people.test',
  subject: 'Grüße',
  text_body: 'plain',
  html_body: '<p>rich</p>',
  attempts: 1,
  token: 1,
}

afterEach(() => void vi.unstubAllEnvs())

async function smtpServer() {
  const received: { to: string[]; raw: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _, done) {
      done(
        address.startsWith('nobody') ? Object.assign(new Error('No such user'), { responseCode: 550 }) : null,
      )
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          received.push({
            to: session.envelope.rcptTo.map(({ address }) => address),
            raw: Buffer.concat(chunks).toString(),
          })
          done()
        })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as { port: number }
  return { received, port, [Symbol.asyncDispose]: () => new Promise<void>((settle) => server.close(settle)) }
}

function relayAt(port: number) {
  vi.stubEnv('SMTP_HOST', '127.0.0.1').stubEnv('SMTP_PORT', String(port))
  vi.stubEnv('SMTP_FROM', 'Baton <baton@baton.test>')
  return openRelay()
}

test('a mail arrives with both bodies, and with the same Message-ID when it is sent again', async () => {
  await using server = await smtpServer()
  const relay = relayAt(server.port)
  await relay.send(mail)
  await relay.send(mail)
  relay.close()
  const [first, second] = await Promise.all(server.received.map(({ raw }) => PostalMime.parse(raw)))
  expect(server.received[0]?.to).toEqual(['ada@people.test'])
  expect(first).toMatchObject({ subject: 'Grüße', from: { name: 'Baton', address: 'baton@baton.test' } })
  expect([first?.text?.trim(), first?.html?.trim()]).toEqual(['plain', '<p>rich</p>'])
  expect(first?.messageId).toBe(`<${mail.id}@baton.test>`)
  expect(second?.messageId).toBe(first?.messageId)
})

test('a rejected recipient is no outage', async () => {
  await using server = await smtpServer()
  const relay = relayAt(server.port)
  const error = await relay
    .send({ ...mail, to_address: 'nobody@people.test' })
    .catch((error: unknown) => error)
  relay.close()
  expect(String(error)).toContain('No such user')
  expect(relay.isOutage(error)).toBe(false)
})

test('a relay that cannot be reached is one', async () => {
  const { port, ...server } = await smtpServer()
  await server[Symbol.asyncDispose]()
  const relay = relayAt(port)
  const error = await relay.send(mail).catch((error: unknown) => error)
  relay.close()
  expect(relay.isOutage(error)).toBe(true)
})
