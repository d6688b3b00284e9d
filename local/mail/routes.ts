/** The mailbox on the gateway: a page for people, and the same as JSON for tests. */
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { rootDir } from '../../scripts/root.ts'
import { Refusal, sendJson } from '../gateway/http/refusal.ts'
import type { Mailbox } from './mailbox.ts'

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A mail may have styles and pictures of its own; it runs nothing, loads nothing and has no origin. */
const MAIL_POLICY = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "frame-ancestors 'self'",
].join('; ')

const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' }

export function createMailboxRoutes(mailbox: Mailbox) {
  const page = (name: string) => readFileSync(join(rootDir, 'local/mail/page', name), 'utf8')
  const files = new Map([
    ['', page('mailbox.html')],
    ['/mailbox.css', page('mailbox.css')],
    ['/mailbox.js', page('mailbox.js')],
  ])

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const path = url.pathname.replace(/^\/mailbox/, '').replace(/\/$/, '')
    const file = files.get(path)
    const [, id, part] = /^\/api\/messages\/([\w-]+)(\/html)?$/.exec(path) ?? []
    if (file !== undefined) return sendFile(response, path, file)
    if (path === '/api/changes') return followChanges(response, mailbox)
    if (path === '/api/messages' && request.method === 'DELETE') {
      await mailbox.clear()
      response.writeHead(204).end()
    } else if (path === '/api/messages') {
      sendJson(response, 200, mailbox.list(url.searchParams.get('to') ?? undefined))
    } else if (id !== undefined) await sendMessage(response, mailbox, id, part !== undefined)
    else throw notFound()
  }
}

function sendFile(response: ServerResponse, path: string, content: string): void {
  const extension = (/\.(\w+)$/.exec(path)?.[1] ?? 'html') as keyof typeof TYPES
  response.writeHead(200, {
    'content-type': `${TYPES[extension]}; charset=utf-8`,
    'content-security-policy': PAGE_POLICY,
    'cache-control': 'no-cache',
  })
  response.end(content)
}

async function sendMessage(
  response: ServerResponse,
  mailbox: Mailbox,
  id: string,
  asHtml: boolean,
): Promise<void> {
  const message = await mailbox.get(id)
  if (!message) throw notFound()
  if (!asHtml) return sendJson(response, 200, message)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': MAIL_POLICY,
    'x-frame-options': 'SAMEORIGIN',
    'cache-control': 'no-store',
  })
  response.end(`<base target="_blank">${message.html ?? ''}`)
}

function followChanges(response: ServerResponse, mailbox: Mailbox): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('retry: 1000\n\n')
  const stop = mailbox.onChange(() => response.write('event: changed\ndata: {}\n\n'))
  response.on('close', stop)
}

const notFound = () => new Refusal(404, { code: 'not_found', message: 'There is no such message or page.' })
