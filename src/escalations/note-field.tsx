import { Field } from '../ui/field.tsx'
import { TextBox } from '../ui/text-input.tsx'

type NoteFieldProps = {
  label: string
  hint?: string
  error?: string | null
  value: string
  onChange(value: string): void
  /** ⌘ Enter sends the form. */
  onSend(): void
  /** Another field of the form comes first. */
  plain?: boolean
}

export function NoteField({ label, hint, error, value, onChange, onSend, plain = false }: NoteFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <TextBox
          {...control}
          data-autofocus={plain ? undefined : true}
          rows={4}
          maxLength={10_000}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
            event.preventDefault()
            onSend()
          }}
        />
      )}
    </Field>
  )
}
