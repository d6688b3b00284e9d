import { ChevronDown, Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { classes } from './classes.ts'
import { IconButton } from './icon-button.tsx'

const INPUT =
  'h-9 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-text placeholder:text-faint disabled:opacity-60 aria-invalid:border-bad pointer-coarse:h-11'

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return <input type="text" {...rest} className={classes(INPUT, 'read-only:bg-sunken', className)} />
}

/** Text of several lines. */
export function TextBox({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...rest}
      className={classes(INPUT, 'h-auto resize-y py-1.5 pointer-coarse:h-auto', className)}
    />
  )
}

export function PasswordInput(props: Omit<ComponentProps<'input'>, 'type'>) {
  const [shown, setShown] = useState(false)
  const Glyph = shown ? EyeOff : Eye
  return (
    <div className="relative">
      <TextInput {...props} type={shown ? 'text' : 'password'} className="pr-11" />
      <IconButton
        label={shown ? 'Hide the password' : 'Show the password'}
        aria-pressed={shown}
        className="absolute inset-y-0 right-0.5 my-auto"
        onClick={() => setShown(!shown)}
      >
        <Glyph className="size-4" aria-hidden />
      </IconButton>
    </div>
  )
}

/** The platform's own list: the best there is on a phone, with a keyboard and for a screen reader. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={classes('relative inline-flex', className)}>
      <select {...rest} className={classes(INPUT, 'appearance-none pr-8 hover:bg-hover')} />
      <ChevronDown
        className="pointer-events-none absolute inset-y-0 right-2 my-auto size-4 text-muted"
        aria-hidden
      />
    </span>
  )
}
