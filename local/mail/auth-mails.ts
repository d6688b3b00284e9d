/** The words of the mails that the auth service sends. */
import type { Mail } from './sender.ts'

type AuthMailKind = 'signup' | 'recovery' | 'magiclink' | 'email_change' | 'reauthentication'
export type AuthMail = {
  kind: AuthMailKind
  to: string
  tokenHash: string
  code: string
  redirectTo: string
}

type Words = { subject: string; lead: string; action: string; otherwise: string }

const WORDS: Record<AuthMailKind, Words> = {
  signup: {
    subject: 'Confirm your e-mail address for Baton',
    lead: 'Somebody signed up for Baton with this address. If that was you, confirm it, and you are in.',
    action: 'Confirm my address',
    otherwise: 'If it was not you, do nothing: without this step there is no account.',
  },
  magiclink: {
    subject: 'Your link to sign in to Baton',
    lead: 'Here is the link that signs you in.',
    action: 'Sign in',
    otherwise: 'If you did not ask for it, you can ignore this mail.',
  },
  recovery: {
    subject: 'Choose a new password for Baton',
    lead: 'Somebody asked for a new password for this address.',
    action: 'Choose a new password',
    otherwise: 'If it was not you, do nothing: your password stays as it is.',
  },
  email_change: {
    subject: 'Confirm your new e-mail address for Baton',
    lead: 'An account in Baton wants to use this address from now on.',
    action: 'Use this address',
    otherwise: 'If you do not know of it, do nothing: the account keeps its old address.',
  },
  reauthentication: {
    subject: 'Your code for Baton',
    lead: 'Type this code to go on.',
    action: '',
    otherwise: 'If you did not ask for it, change your password.',
  },
}

export function writeAuthMail(mail: AuthMail, apiUrl: string): Mail {
  const words = WORDS[mail.kind]
  const link = mail.kind === 'reauthentication' ? null : linkOf(mail, apiUrl)
  return {
    to: mail.to,
    subject: words.subject,
    text: asText(words, link, mail.code),
    html: asHtml(words, link, mail.code),
  }
}

function linkOf({ kind, tokenHash, redirectTo }: AuthMail, apiUrl: string): string {
  const link = new URL('/auth/v1/verify', apiUrl)
  link.searchParams.set('token', tokenHash)
  link.searchParams.set('type', kind)
  link.searchParams.set('redirect_to', redirectTo)
  return link.href
}

function asText({ lead, action, otherwise }: Words, link: string | null, code: string): string {
  const way = link ? `${action}:\n${link}\n\nThe link works once, within an hour.` : `Code: ${code}`
  return `${lead}\n\n${way}\n\n${otherwise}\n`
}

function asHtml({ lead, action, otherwise }: Words, link: string | null, code: string): string {
  const way = link
    ? `<p><a href="${escapeHtml(link)}" style="display:inline-block;padding:10px 16px;border-radius:6px;background:#1f5fd0;color:#ffffff;text-decoration:none;font-weight:600">${action}</a></p>
<p style="color:#5b6472">The link works once, within an hour.</p>`
    : `<p style="font:600 24px/1.4 ui-monospace,monospace;letter-spacing:4px">${escapeHtml(code)}</p>`
  return `<!doctype html>
<html lang="en"><body style="margin:0;padding:24px;background:#ffffff;color:#1b2029;font:15px/1.5 system-ui,sans-serif">
<div style="max-width:520px">
<p style="font-weight:700">Baton</p>
<p>${lead}</p>
${way}
<p style="color:#5b6472">${otherwise}</p>
</div></body></html>
`
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!)
