import { useNavigate } from '@tanstack/react-router'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useForm } from '../use-form.ts'
import { AuthPage } from './auth-page.tsx'
import { PasswordField } from './fields.tsx'
import { loadAuth, orThrow } from './session.ts'

export function NewPasswordPage() {
  const navigate = useNavigate()
  const form = useForm(async (values) => {
    orThrow(await (await loadAuth()).updateUser({ password: String(values.get('password')) }))
    await navigate({ to: '/', replace: true })
  })
  return (
    <AuthPage title="New password" lead="You are signed in. Choose the password for the next time.">
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
        <PasswordField label="New password" isNew />
        <Button type="submit" look="primary" pending={form.pending} className="h-9">
          Save and continue
        </Button>
      </form>
    </AuthPage>
  )
}
