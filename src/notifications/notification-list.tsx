import { Link } from '@tanstack/react-router'
import { AtSign, Bell, BellRing, type LucideIcon, MessageSquareText, Settings2 } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import type { Notification } from '../../supabase/functions/_shared/protocol.ts'
import { useUser } from '../session/user.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { markAllRead, useOpenNotification } from './use-open.ts'

/** Newest first. The arrows go from one to the next; opening one reads it, and so does nothing else. */
export function NotificationList({ onClose }: { onClose(): void }) {
  const { notifications, unread_notifications: unread } = useUser()
  const list = useRef<HTMLUListElement>(null)
  const open = useOpenNotification()
  useEffect(() => list.current?.querySelector('a')?.focus(), [])
  const press = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    items[Math.max(0, Math.min(next, items.length - 1))]?.focus()
  }
  const newest = notifications[0]
  return (
    <>
      <div className="flex min-h-11 items-center gap-1 border-b border-line pr-1.5 pl-4">
        <h2 className="flex-1 font-semibold">Notifications</h2>
        {unread > 0 && newest && (
          <Button look="quiet" className="px-2" onClick={() => void markAllRead(newest.created_at)}>
            Mark all read
          </Button>
        )}
        <Link
          to="/settings/notifications"
          onClick={onClose}
          aria-label="Settings of notifications"
          className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-10"
        >
          <Settings2 className="size-4" aria-hidden />
        </Link>
      </div>
      {newest ? (
        <ul ref={list} onKeyDown={press} className="min-h-0 overflow-y-auto p-1">
          {notifications.map((notification) => (
            <li key={notification.id}>
              <Item
                notification={notification}
                onOpen={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return
                  event.preventDefault()
                  onClose()
                  open(notification)
                }}
              />
            </li>
          ))}
        </ul>
      ) : (
        <EmptyState icon={<Bell className="size-8" aria-hidden />} title="Nothing yet">
          When somebody mentions you, answers your comment or needs you, you find it here, in every browser
          that you sign in with.
        </EmptyState>
      )}
    </>
  )
}

type ItemProps = { notification: Notification; onOpen(event: MouseEvent): void }

function Item({ notification, onOpen }: ItemProps) {
  const { kind, title, body, link, created_at, read_at } = notification
  const Glyph = glyphOf(kind)
  const isUnread = read_at === null
  return (
    <a
      href={link}
      onClick={onOpen}
      data-unread={isUnread}
      className="flex gap-3 rounded-md px-3 py-2 -outline-offset-2 hover:bg-hover"
    >
      <Glyph className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
      <span className="min-w-0 flex-1">
        <span className={classes('block wrap-anywhere', isUnread ? 'font-medium' : 'text-muted')}>
          {title}
        </span>
        {body && <span className="line-clamp-2 text-muted wrap-anywhere">{body}</span>}
        <span className="text-xs text-faint">
          <TimeAgo at={created_at} />
        </span>
      </span>
      {isUnread && (
        <span className="mt-1.5 size-2 shrink-0 rounded-full bg-need">
          <span className="sr-only">unread</span>
        </span>
      )}
    </a>
  )
}

function glyphOf(kind: string): LucideIcon {
  if (kind === 'mention') return AtSign
  if (kind === 'comment') return MessageSquareText
  return BellRing
}
