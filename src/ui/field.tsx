import { CircleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'

type FieldControl = {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

type FieldProps = {
  label: string
  hint?: ReactNode
  error?: string | null | undefined
  /** A link beside the label, such as "Forgot it?". */
  aside?: ReactNode
  children: (control: FieldControl) => ReactNode
}

export function Field({ label, hint, error, aside, children }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const hasNote = Boolean(error || hint)
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': hasNote ? noteId : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {hasNote && (
        <p id={noteId} className={error ? 'flex gap-1.5 text-bad-text' : 'text-muted'}>
          {error && <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />}
          {error ?? hint}
        </p>
      )}
    </div>
  )
}
