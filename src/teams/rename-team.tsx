import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { sentenceOf } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { typed, useForm } from '../use-form.ts'
import { useTeam } from './team.ts'

export function RenameTeam() {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <Pencil className="size-4" aria-hidden />
        <span className="max-md:sr-only">Rename the team</span>
      </Button>
      {asking && <RenameDialog onClose={() => setAsking(false)} />}
    </>
  )
}

function RenameDialog({ onClose }: { onClose(): void }) {
  const { team } = useTeam()
  const form = useForm(async (values) => {
    await rpc('rename_team', { team_id: team.id, name: typed(values, 'name') })
    onClose()
  })
  return (
    <Dialog title="Rename the team" onClose={onClose}>
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <Field label="Name of the team" error={form.error && sentenceOf(form.error)}>
          {(control) => (
            <TextInput
              {...control}
              name="name"
              defaultValue={team.name}
              required
              maxLength={80}
              autoComplete="off"
              data-autofocus
            />
          )}
        </Field>
        <DialogActions>
          <Button type="submit" look="primary" pending={form.pending}>
            Rename
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
