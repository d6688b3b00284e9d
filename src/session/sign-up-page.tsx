import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { textLink } from '../ui/text-link.ts'
import { typed, useForm } from '../use-form.ts'
import { AuthPage } from './auth-page.tsx'
import { EmailField, PasswordField } from './fields.tsx'
import { MailSent } from './mail-sent.tsx'
import { callbackUrl, loadAuth, orThrow } from './session.ts'

export function SignUpPage() {
  const { next } = useSearch({ from: '/signed-out/sign-up' })
  const [mailedTo, setMailedTo] = useState<string | null>(null)
  if (mailedTo) return <MailSent email={mailedTo} purpose="signup" onAgain={() => setMailedTo(null)} />
  return (
    <AuthPage
      title="Create an account"
      lead={
        <>
          You have one?{' '}
          <Link to="/sign-in" search={{ next }} className={textLink}>
            Sign in
          </Link>
        </>
      }
    >
      {next === '/invite' && <Callout>Use the address that your invitation was sent to.</Callout>}
      <SignUpForm onMailed={setMailedTo} />
    </AuthPage>
  )
}

function SignUpForm({ onMailed }: { onMailed(email: string): void }) {
  const { next } = useSearch({ from: '/signed-out/sign-up' })
  const navigate = useNavigate()
  const form = useForm(async (values) => {
    const email = typed(values, 'email')
    const { session } = orThrow(
      await (await loadAuth()).signUp({
        email,
        password: String(values.get('password')),
        options: { emailRedirectTo: callbackUrl(), data: { display_name: typed(values, 'name') } },
      }),
    )
    if (!session) return onMailed(email)
    await navigate({ to: next ?? '/', replace: true })
  })

  return (
    <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
      {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
      <Field label="Your name" hint="What your team-mates see.">
        {(control) => (
          <TextInput {...control} name="name" required maxLength={80} autoComplete="name" data-autofocus />
        )}
      </Field>
      <EmailField />
      <PasswordField isNew />
      <Button type="submit" look="primary" pending={form.pending} className="mt-1 h-9">
        Create the account
      </Button>
    </form>
  )
}
