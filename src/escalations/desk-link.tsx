import { Link } from '@tanstack/react-router'
import { LifeBuoy } from 'lucide-react'
import { useUserId } from '../session/user.ts'
import { classes } from '../ui/classes.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { useDeskIfLoaded, useFollowDesk } from './desk.ts'
import { isUnread } from './own-marks.ts'

/** In the rail: the desk, how many wait, and whether some of them are new to the reader. */
export function DeskLink({ teamId, compact }: { teamId: string; compact: boolean }) {
  useFollowDesk(teamId)
  const selfId = useUserId()
  const loaded = useDeskIfLoaded(teamId)
  const open = loaded?.desk.escalations.filter(({ state }) => state === 'open') ?? []
  const hasNews = open.some((one) => isUnread(one, loaded?.marks[one.id], selfId))
  const link = (
    <Link
      to="/escalations"
      activeOptions={{ includeSearch: false }}
      className="relative flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text pointer-coarse:h-11"
    >
      <LifeBuoy className="size-4 shrink-0" aria-hidden />
      <span className={compact ? 'sr-only' : 'flex-1 truncate'}>Escalations</span>
      {open.length > 0 && (
        <span
          className={classes(
            'tabular rounded-sm px-1.5 text-2xs font-semibold',
            hasNews ? 'bg-need-soft text-need-text' : 'bg-sunken text-muted',
            compact && 'absolute -top-0.5 -right-0.5 px-1',
          )}
        >
          {open.length}
          <span className="sr-only"> open{hasNews && ', some of them unread'}</span>
        </span>
      )}
    </Link>
  )
  return compact ? (
    <Tooltip label="Escalations" side="right">
      {link}
    </Tooltip>
  ) : (
    link
  )
}
