import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { typed, useForm } from '../use-form.ts'

type NameDialogProps<Answer> = {
  title: string
  label: string
  name?: string
  hint?: string
  action: string
  send(name: string): Promise<Answer>
  onClose(): void
  /** After it is done and the dialog is closed. */
  onDone?(answer: Answer): void
}

/** Asks for a name, of something new or of something that has one. */
export function NameDialog<Answer>(props: NameDialogProps<Answer>) {
  const { title, label, name = '', hint, action, send, onClose, onDone } = props
  const form = useForm(async (values) => {
    const answer = await send(typed(values, 'name'))
    onClose()
    onDone?.(answer)
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <Field label={label} hint={hint} error={form.error && sentenceOf(form.error)}>
          {(control) => (
            <TextInput
              {...control}
              name="name"
              defaultValue={name}
              required
              maxLength={80}
              autoComplete="off"
              data-autofocus
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <DialogActions>
          <Button type="submit" look="primary" pending={form.pending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
