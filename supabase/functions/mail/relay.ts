import { createTransport, type Transporter } from 'nodemailer'
import { optional, required } from '../_shared/environment.ts'
import type { Relay } from './send-mails.ts'

/** Any SMTP server. Port 465 speaks TLS from the first byte, others switch to it when the server offers. */
export function openRelay(): Relay & { close(): void } {
  const port = Number(required('SMTP_PORT'))
  const user = optional('SMTP_USER')
  const from = required('SMTP_FROM')
  const transport: Transporter = createTransport({
    host: required('SMTP_HOST'),
    port,
    secure: port === 465,
    ...(user ? { auth: { user, pass: required('SMTP_PASS') } } : {}),
    pool: true,
    maxConnections: 1,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  })
  return {
    async send({ id, to_address, subject, text_body, html_body }) {
      await transport.sendMail({
        from,
        to: to_address,
        subject,
        text: text_body,
        html: html_body,
        messageId: `<${id}@${from.match(/@([\w.-]+)/)?.[1] ?? 'baton'}>`, // the same when it is sent again
      })
    },
    isOutage: (error) => OUTAGES.has(String((error as { code?: unknown }).code)),
    close: () => transport.close(),
  }
}

const OUTAGES = new Set([
  'ECONNECTION',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ESOCKET',
  'EDNS',
  'EAUTH',
  'ETLS',
])
