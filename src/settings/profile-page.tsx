import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { confirmed } from '../confirmed.ts'
import { sentenceOf } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { useUser, useUserId } from '../session/user.ts'
import type { UserState } from '../session/user-events.ts'
import { userFeed } from '../session/user-feed.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { showToast } from '../ui/toasts.ts'
import { useForm } from '../use-form.ts'
import { SettingsPage } from './settings-page.tsx'

export function ProfilePage() {
  return (
    <SettingsPage title="Profile">
      <ProfileForm />
    </SettingsPage>
  )
}

function ProfileForm() {
  const { profile } = useUser()
  const queryClient = useQueryClient()
  const { queryKey } = userFeed(useUserId())
  const [draft, setDraft] = useState<string | null>(null)
  const name = draft ?? profile.display_name
  const form = useForm(async () => {
    const saved = await rpc('update_profile', { display_name: name })
    await confirmed(
      queryClient,
      queryKey,
      (user: UserState) => user.profile.display_name === saved.display_name,
    )
    setDraft(null)
    showToast({ tone: 'plain', title: 'Your name was changed.' })
  })
  return (
    <form onSubmit={form.onSubmit} className="flex max-w-sm flex-col gap-5">
      {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
      <Field label="Your name" hint="Your team-mates see it change at once.">
        {(control) => (
          <TextInput
            {...control}
            required
            maxLength={80}
            autoComplete="name"
            value={name}
            onChange={(event) => setDraft(event.target.value)}
          />
        )}
      </Field>
      <Field label="E-mail" hint="You sign in with it, and invitations are bound to it.">
        {(control) => <TextInput {...control} readOnly value={profile.email} />}
      </Field>
      <Button
        type="submit"
        look="primary"
        className="self-start"
        pending={form.pending}
        disabled={name.trim() === profile.display_name}
      >
        Save
      </Button>
    </form>
  )
}
