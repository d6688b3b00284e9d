import { createTransport } from 'nodemailer'

export type Mail = { to: string; subject: string; text: string; html: string }

export function createSender(port: number) {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    secure: false,
    ignoreTLS: true,
    connectionTimeout: 5_000,
  })
  return async (mail: Mail): Promise<void> => {
    await transport.sendMail({ ...mail, from: { name: 'Baton', address: 'no-reply@baton.localhost' } })
  }
}
