import { Bell as BellIcon } from 'lucide-react'
import { Popover } from 'radix-ui'
import { lazy, Suspense, useState } from 'react'
import { useUser } from '../session/user.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

const loadList = () => import('./notification-list.tsx')
const NotificationList = lazy(() =>
  loadList().then(({ NotificationList }) => ({ default: NotificationList })),
)

/** In the top bar of every page. */
export function Bell() {
  const { unread_notifications: unread } = useUser()
  const [isOpen, setOpen] = useState(false)
  const label = unread > 0 ? `Notifications, ${unread} unread` : 'Notifications'
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <IconButton label={label} onPointerEnter={loadList} onFocus={loadList} className="relative">
          <BellIcon className="size-4" aria-hidden />
          {unread > 0 && (
            <span
              aria-hidden
              className="tabular absolute -top-0.5 -right-0.5 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-need-soft px-1 text-[10px] font-semibold text-need-text ring-1 ring-need"
            >
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </IconButton>
      </Popover.Trigger>
      <Popover.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        aria-label="Notifications"
        className="appear z-40 flex max-h-[min(36rem,var(--radix-popover-content-available-height))] w-96 max-w-[calc(100vw-1rem)] flex-col overflow-hidden rounded-lg bg-raised shadow-float"
      >
        <Suspense fallback={<Loading />}>
          <NotificationList onClose={() => setOpen(false)} />
        </Suspense>
      </Popover.Content>
    </Popover.Root>
  )
}

const Loading = () => (
  <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-4">
    <Skeleton className="w-32" />
    <Skeleton className="w-full" />
    <Skeleton className="w-4/5" />
  </div>
)
