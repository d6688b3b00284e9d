import type { BatonEvent, Notification } from '../../supabase/functions/_shared/protocol.ts'

/** As many as a snapshot gives. */
const KEPT = 100

export type Heard = { notifications: Notification[]; unread_notifications: number }

/** What somebody hears of, newest first; the unread ones are counted, also those that are too old to be listed. */
export function applyNotificationChange(heard: Heard, event: BatonEvent): Heard {
  switch (event.kind) {
    case 'notification.added':
      return added(heard, event.payload)
    case 'notification.read':
      return read(heard, event.payload)
    case 'membership.removed':
      return { ...heard, notifications: heard.notifications.filter(isAboutAnother(event.payload.team_id)) }
    default:
      return heard
  }
}

function added(heard: Heard, { again, ...notification }: Notification & { again?: true }): Heard {
  const others = heard.notifications.filter(({ id }) => id !== notification.id)
  const notifications = [notification, ...others].toSorted(newestFirst).slice(0, KEPT)
  return { notifications, unread_notifications: heard.unread_notifications + (again ? 0 : 1) }
}

function read(heard: Heard, { ids, read_at }: { ids: string[]; read_at: string }): Heard {
  const isRead = new Set(ids)
  return {
    notifications: heard.notifications.map((one) => (isRead.has(one.id) ? { ...one, read_at } : one)),
    unread_notifications: Math.max(0, heard.unread_notifications - ids.length),
  }
}

const isAboutAnother =
  (teamId: string) =>
  ({ team_id }: Notification) =>
    team_id !== teamId

/** Instants are written in one way, so they compare as texts. */
function newestFirst(one: Notification, other: Notification): number {
  if (one.created_at !== other.created_at) return one.created_at < other.created_at ? 1 : -1
  return one.id < other.id ? -1 : 1
}
