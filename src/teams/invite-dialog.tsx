import { useState } from 'react'
import type { NewInvitation, Role } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Select, TextInput } from '../ui/text-input.tsx'
import { typed, useForm } from '../use-form.ts'
import { invitationLink } from './invitation-link.ts'
import { ROLE_MEANINGS, rolesToGive } from './rights.ts'
import { useSelf, useTeam } from './team.ts'

export function InviteDialog({ onClose }: { onClose(): void }) {
  const { team } = useTeam()
  const [created, setCreated] = useState<NewInvitation | null>(null)
  return (
    <Dialog title={created ? 'Invitation made' : `Invite to ${team.name}`} onClose={onClose}>
      {created ? (
        <Created {...created} onAnother={() => setCreated(null)} onClose={onClose} />
      ) : (
        <InviteForm onCreated={setCreated} />
      )}
    </Dialog>
  )
}

function InviteForm({ onCreated }: { onCreated(created: NewInvitation): void }) {
  const { team } = useTeam()
  const self = useSelf()
  const [role, setRole] = useState<Role>('member')
  const form = useForm(async (values) => {
    onCreated(await rpc('invite_member', { team_id: team.id, email: typed(values, 'email'), role }))
  })
  return (
    <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
      {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
      <Field label="E-mail" hint="Only this address can accept.">
        {(control) => (
          <TextInput
            {...control}
            name="email"
            type="email"
            required
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </Field>
      <Field label="Role" hint={ROLE_MEANINGS[role]}>
        {(control) => (
          <Select
            {...control}
            className="capitalize"
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {rolesToGive(self?.role ?? 'member').map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <DialogActions>
        <Button type="submit" look="primary" pending={form.pending}>
          Invite
        </Button>
      </DialogActions>
    </form>
  )
}

function Created({
  invitation,
  token,
  mailed,
  onAnother,
  onClose,
}: NewInvitation & { onAnother(): void; onClose(): void }) {
  return (
    <>
      <p className="text-muted wrap-anywhere">
        {mailed ? (
          <>
            A mail is on its way to <strong className="text-text">{invitation.email}</strong>. You can also
            hand over the link yourself.
          </>
        ) : (
          <>
            Hand this link to <strong className="text-text">{invitation.email}</strong>. No mail was sent:
            this Baton does not know its own address yet.
          </>
        )}
      </p>
      <CopyField
        label="Link"
        value={invitationLink(location.origin, token)}
        hint="It works once, for that address. It is shown only now."
      />
      <DialogActions>
        <Button onClick={onAnother}>Invite someone else</Button>
        <Button look="primary" onClick={onClose} data-autofocus>
          Done
        </Button>
      </DialogActions>
    </>
  )
}
