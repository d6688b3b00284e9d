import { type ComponentProps, useId } from 'react'
import { cn } from '../../lib/cn'

type FieldProps = ComponentProps<'input'> & { label: string; hint?: string; problem?: string }

/** A field with its label, and what helps with it or is wrong with it. */
export function Field({ label, hint, problem, className, ...props }: FieldProps) {
  const id = useId()
  const note = problem ?? hint
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        className={cn(
          'block min-h-10 w-full rounded-lg border border-line bg-surface px-3 py-2 text-ink placeholder:text-muted aria-invalid:border-danger',
          className,
        )}
        {...props}
      />
      {note ? (
        <p id={`${id}-note`} className={cn('text-sm', problem ? 'text-danger' : 'text-muted')}>
          {note}
        </p>
      ) : null}
    </div>
  )
}
