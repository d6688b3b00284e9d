import { useState } from 'react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/text-input.tsx'
import { useDeed } from './handling.ts'
import { NoteField } from './note-field.tsx'
import { CAUSES } from './words.ts'

const ANSWERS = [
  { label: 'Yes', value: true },
  { label: 'No', value: false },
  { label: 'Cannot say', value: null },
] as const

/** The cause and the answer about the AI are what the figures are made of; neither is demanded. */
export function ResolveDialog({ escalation, onClose }: { escalation: Escalation; onClose(): void }) {
  const [note, setNote] = useState('')
  const [cause, setCause] = useState(escalation.cause ?? '')
  const [wasRight, setWasRight] = useState<boolean | null>(escalation.assessment_was_right)
  const resolve = useDeed('It was not resolved.', onClose)
  const isAssessed = escalation.assessment.state === 'done'
  const send = () =>
    resolve.mutate(() =>
      rpc('resolve_escalation', {
        escalation_id: escalation.id,
        note: note.trim() || null,
        cause: cause || null,
        assessment_was_right: wasRight,
      }),
    )
  return (
    <Dialog title="Resolve the escalation" onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <NoteField
          label="What was it, and what helped?"
          hint={
            escalation.holds_run
              ? 'The agent is told, and its run goes on. Whoever is stuck in the same way finds it later.'
              : 'Whoever is stuck in the same way finds it later.'
          }
          value={note}
          onChange={setNote}
          onSend={send}
        />
        <Field label="Cause">
          {(control) => (
            <Select {...control} value={cause} onChange={({ target }) => setCause(target.value)}>
              <option value="">Not said</option>
              {CAUSES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          )}
        </Field>
        {isAssessed && (
          <fieldset className="flex flex-col gap-1.5">
            <legend className="mb-1.5 font-medium">Was the AI right about the cause?</legend>
            <div className="flex flex-wrap gap-4">
              {ANSWERS.map(({ label, value }) => (
                <label key={label} className="flex items-center gap-2">
                  <input
                    type="radio"
                    name="was-right"
                    checked={wasRight === value}
                    onChange={() => setWasRight(value)}
                  />
                  {label}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" pending={resolve.isPending}>
            Resolve
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
