import { classes } from './classes.ts'

export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={classes('after-a-moment pulse block h-4 rounded-sm bg-hover', className)} />
  )
}
