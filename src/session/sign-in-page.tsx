import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { textLink } from '../ui/text-link.ts'
import { typed, useForm } from '../use-form.ts'
import { AuthPage } from './auth-page.tsx'
import { EmailField, PasswordField } from './fields.tsx'
import { MailSent } from './mail-sent.tsx'
import { callbackUrl, loadAuth, orThrow } from './session.ts'

export function SignInPage() {
  const { next, ended } = useSearch({ from: '/signed-out/sign-in' })
  const [mailedTo, setMailedTo] = useState<string | null>(null)
  if (mailedTo) return <MailSent email={mailedTo} purpose="magiclink" onAgain={() => setMailedTo(null)} />
  return (
    <AuthPage
      title="Sign in"
      lead={
        <>
          New here?{' '}
          <Link to="/sign-up" search={{ next }} className={textLink}>
            Create an account
          </Link>
        </>
      }
    >
      {ended && <Callout>Your session has ended. Sign in again, and you are back where you were.</Callout>}
      <SignInForm onMailed={setMailedTo} />
    </AuthPage>
  )
}

function SignInForm({ onMailed }: { onMailed(email: string): void }) {
  const { next } = useSearch({ from: '/signed-out/sign-in' })
  const navigate = useNavigate()
  const [way, setWay] = useState<'password' | 'mail'>('password')
  const form = useForm(async (values) => {
    const email = typed(values, 'email')
    if (way === 'mail') {
      const options = { emailRedirectTo: callbackUrl(), shouldCreateUser: false }
      orThrow(await (await loadAuth()).signInWithOtp({ email, options }))
      return onMailed(email)
    }
    orThrow(await (await loadAuth()).signInWithPassword({ email, password: String(values.get('password')) }))
    await navigate({ to: next ?? '/', replace: true })
  })

  return (
    <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
      {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
      <EmailField autoFocus />
      {way === 'password' && (
        <PasswordField
          aside={
            <Link to="/reset-password" className={textLink}>
              Forgot it?
            </Link>
          }
        />
      )}
      <Button type="submit" look="primary" pending={form.pending} className="mt-1 h-9">
        {way === 'password' ? 'Sign in' : 'Mail me a link'}
      </Button>
      <Button look="quiet" onClick={() => setWay(way === 'password' ? 'mail' : 'password')}>
        {way === 'password' ? 'Sign in with a link by mail instead' : 'Sign in with a password instead'}
      </Button>
    </form>
  )
}
