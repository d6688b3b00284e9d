import type { EmailOtpType } from '@supabase/auth-js'
import { useNavigate } from '@tanstack/react-router'
import { MailOpen } from 'lucide-react'
import { config, localMailboxUrl } from '../config.ts'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { textLink } from '../ui/text-link.ts'
import { typed, useForm } from '../use-form.ts'
import { AuthPage } from './auth-page.tsx'
import { loadAuth, orThrow } from './session.ts'

type Purpose = Extract<EmailOtpType, 'signup' | 'magiclink' | 'recovery'>

const REASONS: Record<Purpose, string> = {
  signup: 'It confirms that the address is yours.',
  magiclink: 'It signs you in.',
  recovery: 'It lets you choose a new password.',
}

export function MailSent({ email, purpose, onAgain }: { email: string; purpose: Purpose; onAgain(): void }) {
  const mailbox = localMailboxUrl(config.apiUrl)
  return (
    <AuthPage
      title="Look in your mailbox"
      lead={
        <>
          A link is on its way to <strong>{email}</strong>. {REASONS[purpose]}
        </>
      }
    >
      {mailbox && (
        <a
          href={mailbox}
          target="_blank"
          rel="noreferrer"
          className="flex items-center gap-2.5 rounded-md bg-sunken px-3 py-2.5"
        >
          <MailOpen className="size-4 shrink-0 text-muted" aria-hidden />
          <span>
            This Baton runs on your machine and keeps its mails:{' '}
            <span className={textLink}>open the mailbox</span>
          </span>
        </a>
      )}
      <CodeForm email={email} purpose={purpose} />
      <p className="text-muted">
        Nothing came? Look among unwanted mail, or{' '}
        <button type="button" className={textLink} onClick={onAgain}>
          try again
        </button>
        .
      </p>
    </AuthPage>
  )
}

/** For a mail that is read on another device than this one. */
function CodeForm({ email, purpose }: { email: string; purpose: Purpose }) {
  const navigate = useNavigate()
  const form = useForm(async (values) => {
    orThrow(await (await loadAuth()).verifyOtp({ email, token: typed(values, 'code'), type: purpose }))
    await navigate({ to: purpose === 'recovery' ? '/new-password' : '/', replace: true })
  })
  return (
    <form onSubmit={form.onSubmit}>
      <Field label="Or type the code from the mail" error={form.error && sentenceOf(form.error)}>
        {(control) => (
          <div className="flex items-center gap-2">
            <TextInput
              {...control}
              name="code"
              required
              inputMode="numeric"
              pattern="\s*[0-9]{6}\s*"
              title="Six digits"
              autoComplete="one-time-code"
              className="font-mono"
            />
            <Button type="submit" pending={form.pending} className="h-9">
              Continue
            </Button>
          </div>
        )}
      </Field>
    </form>
  )
}
