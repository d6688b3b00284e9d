import { useNavigate } from '@tanstack/react-router'
import { sentenceOf } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { typed, useForm } from '../use-form.ts'

export function CreateTeamForm({ onCreated }: { onCreated?(): void }) {
  const navigate = useNavigate()
  const form = useForm(async (values) => {
    const team = await rpc('create_team', { name: typed(values, 'name') })
    onCreated?.()
    await navigate({ to: '/t/$teamId', params: { teamId: team.id } })
  })
  return (
    <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
      <Field label="Name of the team" error={form.error && sentenceOf(form.error)}>
        {(control) => (
          <TextInput {...control} name="name" required maxLength={80} autoComplete="off" data-autofocus />
        )}
      </Field>
      <Button type="submit" look="primary" pending={form.pending} className="self-end">
        Create the team
      </Button>
    </form>
  )
}
