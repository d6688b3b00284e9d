import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { PRIORITIES, type Priority } from '../../supabase/functions/_shared/protocol.ts'
import { fieldOf, sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { showToast } from '../ui/toasts.ts'
import { NoteField } from './note-field.tsx'
import { PRIORITY_NAMES } from './words.ts'

const LONGEST_REASON = 200

/** One field is enough: everything else is taken from the chat itself. */
export function EscalateDialog({ chatId, onClose }: { chatId: string; onClose(): void }) {
  const [reason, setReason] = useState('')
  const [priority, setPriority] = useState<Priority>('normal')
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const raise = useMutation({
    networkMode: 'always',
    mutationFn: () =>
      rpc('escalate', { chat_id: chatId, reason: reason.trim(), priority, note: note.trim() || null }),
    onSuccess: () => {
      showToast({ tone: 'plain', title: 'The seniors of the team were called.' })
      onClose()
    },
  })
  const refusal = raise.error ? toBatonError(raise.error) : null
  const send = () => (reason.trim() ? raise.mutate() : setMissing(true))
  return (
    <Dialog title="Ask a senior" onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Field
          label="What is the problem?"
          hint="In one sentence. What was tried, the files and the errors are attached by themselves."
          error={
            missing && !reason.trim()
              ? 'Say in one sentence what is wrong.'
              : refusal && fieldOf(refusal) === 'reason'
                ? sentenceOf(refusal)
                : null
          }
        >
          {(control) => (
            <TextInput
              {...control}
              data-autofocus
              maxLength={LONGEST_REASON}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend className="mb-1.5 font-medium">How urgent is it?</legend>
          <div className="flex flex-wrap gap-4">
            {PRIORITIES.map((one) => (
              <label key={one} className="flex items-center gap-2">
                <input
                  type="radio"
                  name="priority"
                  checked={priority === one}
                  onChange={() => setPriority(one)}
                />
                {PRIORITY_NAMES[one]}
              </label>
            ))}
          </div>
        </fieldset>
        <NoteField
          label="Anything else they should know"
          value={note}
          onChange={setNote}
          onSend={send}
          plain
        />
        {refusal && fieldOf(refusal) !== 'reason' && <Callout tone="bad">{sentenceOf(refusal)}</Callout>}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" pending={raise.isPending}>
            Escalate
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
