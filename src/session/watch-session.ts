import { useEffect } from 'react'
import { auth } from './auth.ts'
import { isLeaving } from './session.ts'

/** The session may end, or become someone else's, in another tab: the page is then loaded anew, with nothing kept. */
export function useWatchSession(userId: string): void {
  useEffect(() => {
    const { data } = auth.onAuthStateChange((_event, session) => {
      if (session?.user.id === userId || isLeaving()) return
      if (session) return location.reload()
      const next = encodeURIComponent(location.pathname + location.search)
      location.replace(`/sign-in?ended=true&next=${next}`)
    })
    return () => data.subscription.unsubscribe()
  }, [userId])
}
