import { useId } from 'react'
import { classes } from '../ui/classes.ts'

type RawProps = { title: string; value: unknown; isBad?: boolean }

/** A value as it is, whole. Strings as text, everything else as JSON. */
export function Raw({ title, value, isBad = false }: RawProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1">
      <h4 id={id} className={classes('text-xs font-medium', isBad ? 'text-bad-text' : 'text-muted')}>
        {title}
      </h4>
      <pre
        className={classes(
          'rounded-md px-3 py-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere',
          isBad ? 'bg-bad-soft text-bad-text' : 'bg-sunken',
        )}
      >
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </pre>
    </section>
  )
}
