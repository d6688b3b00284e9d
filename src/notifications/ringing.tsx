import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Notification } from '../../supabase/functions/_shared/protocol.ts'
import { useUser } from '../session/user.ts'
import { useTitlePrefix } from '../ui/page-title.ts'
import { dismissToast, showToast } from '../ui/toasts.ts'
import { ring } from './ring.ts'
import { useOpenNotification } from './use-open.ts'

/** Draws nothing: calls when something new comes, and counts in the title of the tab while it is in the background. */
export function Ringing() {
  const { notifications, unread_notifications: unread } = useUser()
  const open = useOpenNotification()
  const isHidden = useHidden()
  useTitlePrefix(isHidden && unread > 0 ? `(${unread})` : '')

  const newest = notifications[0]?.created_at ?? ''
  const heardUpTo = useRef(newest)
  const toasts = useRef(new Map<string, number>())
  const call = useEffectEvent((heard: Notification) => {
    ring(heard, () => open(heard))
    if (!isHidden && !isInSight(heard)) {
      const { title, body } = heard
      const toast = showToast({
        tone: 'plain',
        title,
        body,
        action: { label: 'Open', act: () => open(heard) },
      })
      toasts.current.set(heard.id, toast)
    }
  })
  const listen = useEffectEvent(() => {
    const fresh = notifications.filter((one) => one.created_at > heardUpTo.current && !one.read_at)
    heardUpTo.current = newest
    if (fresh[0]) call(fresh[0])
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is a newer one
  useEffect(() => listen(), [newest])

  /** What was opened elsewhere needs no toast any more. */
  useEffect(() => {
    for (const { id, read_at } of notifications) {
      const toast = toasts.current.get(id)
      if (read_at === null || toast === undefined) continue
      dismissToast(toast)
      toasts.current.delete(id)
    }
  }, [notifications])
  return null
}

/** Whoever looks at the desk sees it arrive there. */
const isInSight = ({ kind }: Notification) =>
  kind.startsWith('escalation.') && location.pathname.startsWith('/escalations')

function useHidden(): boolean {
  const [isHidden, setHidden] = useState(() => document.visibilityState === 'hidden')
  useEffect(() => {
    const look = () => setHidden(document.visibilityState === 'hidden')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isHidden
}
