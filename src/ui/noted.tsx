import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { Tooltip } from './tooltip.tsx'

/** Text with a note on hover, which the keyboard reaches too. */
export function Noted({
  note,
  className,
  children,
}: {
  note: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <Tooltip label={note}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what only a mouse reaches is lost to the others */}
      <span tabIndex={0} className={classes('rounded-sm', className)}>
        {children}
      </span>
    </Tooltip>
  )
}
