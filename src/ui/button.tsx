import type { ComponentProps } from 'react'
import { classes } from './classes.ts'
import { Spinner } from './spinner.tsx'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

const LOOKS: Record<Look, string> = {
  primary: 'bg-ink text-on-ink hover:bg-ink-hover',
  secondary: 'border border-line bg-surface text-text hover:bg-hover',
  quiet: 'text-muted hover:bg-hover hover:text-text',
  danger: 'bg-bad text-on-bad hover:brightness-110',
}

/** Also for links that look like a button. */
export const buttonClass = (look: Look = 'secondary', extra?: string) =>
  classes(
    'inline-flex h-8 shrink-0 items-center justify-center gap-2 rounded-md px-3 font-medium whitespace-nowrap select-none pointer-coarse:h-10',
    'disabled:opacity-55 aria-disabled:opacity-55',
    LOOKS[look],
    extra,
  )

type ButtonProps = ComponentProps<'button'> & { look?: Look; pending?: boolean }

/** While pending it keeps its width and its focus, and cannot be pressed twice. */
export function Button({ look, pending = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass(look, classes('relative', className))}
      aria-disabled={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
    >
      <span className={classes('inline-flex items-center gap-2', pending && 'opacity-0')}>{children}</span>
      {pending && <Spinner className="absolute" />}
    </button>
  )
}
