import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Notification } from '../../supabase/functions/_shared/protocol.ts'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'

/** Goes to the place that a notification is about, which reads it. Where one is already, the place is pointed out again. */
export function useOpenNotification(): (notification: Notification) => void {
  const router = useRouter()
  return useCallback(
    (notification) => {
      if (!notification.read_at) void markRead([notification.id])
      void goTo(router, notification.link)
    },
    [router],
  )
}

async function goTo(router: ReturnType<typeof useRouter>, link: string): Promise<void> {
  const { pathname, search } = new URL(link, location.origin)
  const isHere = router.state.location.pathname === pathname
  if (isHere && search !== '') await router.navigate({ to: '.', search: {}, replace: true })
  router.history.push(link)
}

export const markRead = (ids: string[]) =>
  attempt('The notification could not be marked as read.', () => rpc('read_notifications', { ids }))

export const markAllRead = (newest: string) =>
  attempt('The notifications could not be marked as read.', () =>
    rpc('read_all_notifications', { before: newest }),
  )
