import { useState } from 'react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { useDeed } from './handling.ts'
import { NoteField } from './note-field.tsx'

/** Without a note nobody would know what to do with it. */
export function ReturnDialog({ escalation, onClose }: { escalation: Escalation; onClose(): void }) {
  const [note, setNote] = useState('')
  const [error, setError] = useState<string | null>(null)
  const giveBack = useDeed('It was not given back.', onClose)
  const name = escalation.for_user_name ?? 'whoever began it'
  const send = () => {
    if (!note.trim()) return setError('Say what to do next: it is all they get.')
    giveBack.mutate(() => rpc('return_escalation', { escalation_id: escalation.id, note: note.trim() }))
  }
  return (
    <Dialog title={`Give it back to ${name}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <NoteField
          label="What should be done now?"
          hint={`${name} is told, and the suggested steps are theirs${escalation.holds_run ? '; the agent reads it too, and its run goes on' : ''}.`}
          error={error}
          value={note}
          onChange={(value) => {
            setNote(value)
            setError(null)
          }}
          onSend={send}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" pending={giveBack.isPending}>
            Give it back
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
