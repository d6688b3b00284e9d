import { useState } from 'react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { useFeed } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { useUserId } from '../session/user.ts'
import { useTeamIfLoaded } from '../teams/team.ts'
import { teamFeed } from '../teams/team-feed.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Select } from '../ui/text-input.tsx'
import { useDeed } from './handling.ts'
import { mayClaim } from './rights.ts'

export function ReassignDialog({ escalation, onClose }: { escalation: Escalation; onClose(): void }) {
  const { team_id, claimed_by, id } = escalation
  useFeed(teamFeed(team_id, useUserId()))
  const members = useTeamIfLoaded(team_id)?.members
  const others = members?.filter(({ role, user_id }) => mayClaim(role) && user_id !== claimed_by)
  const [chosen, setChosen] = useState('')
  const give = useDeed('It was not given away.', onClose)
  return (
    <Dialog title="Give the escalation to somebody" onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen) give.mutate(() => rpc('reassign_escalation', { escalation_id: id, user_id: chosen }))
        }}
      >
        {!others && <Skeleton className="h-9 w-full" />}
        {others?.length === 0 && (
          <p className="text-muted">Nobody else in the team is a senior, admin or owner.</p>
        )}
        {others && others.length > 0 && (
          <Field label="Who takes it" hint="They are told at once, and it lapses if they do nothing.">
            {(control) => (
              <Select
                {...control}
                data-autofocus
                value={chosen}
                onChange={({ target }) => setChosen(target.value)}
              >
                <option value="" disabled>
                  Choose a person
                </option>
                {others.map(({ user_id, display_name, role }) => (
                  <option key={user_id} value={user_id}>
                    {`${display_name} (${role})`}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" pending={give.isPending} disabled={!chosen}>
            Give it
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
