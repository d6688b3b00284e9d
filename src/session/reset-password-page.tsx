import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { textLink } from '../ui/text-link.ts'
import { typed, useForm } from '../use-form.ts'
import { AuthPage } from './auth-page.tsx'
import { EmailField } from './fields.tsx'
import { MailSent } from './mail-sent.tsx'
import { callbackUrl, loadAuth, orThrow } from './session.ts'

export function ResetPasswordPage() {
  const [mailedTo, setMailedTo] = useState<string | null>(null)
  const form = useForm(async (values) => {
    const email = typed(values, 'email')
    orThrow(await (await loadAuth()).resetPasswordForEmail(email, { redirectTo: callbackUrl() }))
    setMailedTo(email)
  })
  if (mailedTo) return <MailSent email={mailedTo} purpose="recovery" onAgain={() => setMailedTo(null)} />
  return (
    <AuthPage title="Choose a new password" lead="We mail you a link that lets you do so.">
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
        <EmailField autoFocus />
        <Button type="submit" look="primary" pending={form.pending} className="h-9">
          Mail me a link
        </Button>
      </form>
      <Link to="/sign-in" className={textLink}>
        Back to signing in
      </Link>
    </AuthPage>
  )
}
