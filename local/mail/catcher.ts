/** A mail server that delivers nothing: everything that the stack sends ends in the mailbox. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Log } from '../log.ts'
import type { Mailbox } from './mailbox.ts'

const MAX_BYTES = 10 * 1024 * 1024

export type Catcher = { port: number; stop(): Promise<void> }

export function startCatcher(port: number, mailbox: Mailbox, log: Log): Promise<Catcher> {
  const server = new SMTPServer({
    name: 'baton.localhost',
    banner: 'Baton catches mail and delivers none',
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    size: MAX_BYTES,
    disableReverseLookup: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anyone' }),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk)
      })
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(tooLarge())
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        mailbox.add(Buffer.concat(chunks), recipients).then(
          ({ id }) => done(null, `kept as ${id}`),
          (error: Error) => {
            log.error('could not keep a mail', { error })
            done(error)
          },
        )
      })
    },
  })
  server.on('error', (error) => log.warn('a mail connection failed', { error }))

  return new Promise((settle, fail) => {
    server.server.once('error', fail)
    server.listen(port, '127.0.0.1', () => {
      const address = server.server.address() as AddressInfo
      settle({ port: address.port, stop: () => new Promise((stopped) => server.close(stopped)) })
    })
  })
}

const tooLarge = () => Object.assign(new Error('The mail is larger than 10 MB.'), { responseCode: 552 })
