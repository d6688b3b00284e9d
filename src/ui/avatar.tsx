import { classes } from './classes.ts'
import { initials } from './initials.ts'

type AvatarProps = { name: string; shape?: 'round' | 'square'; className?: string }

/** Decoration beside a name that is written out: no text, so that nothing reads it aloud or finds it. */
export function Avatar({ name, shape = 'round', className }: AvatarProps) {
  return (
    <span
      aria-hidden
      data-initials={initials(name)}
      className={classes(
        'inline-flex size-7 shrink-0 before:content-[attr(data-initials)] items-center justify-center border border-line bg-sunken text-2xs font-semibold text-muted select-none',
        shape === 'round' ? 'rounded-full' : 'rounded-md',
        className,
      )}
    />
  )
}
