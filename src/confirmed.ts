import type { QueryClient, QueryKey } from '@tanstack/react-query'

const LONGEST_WAIT = 5_000

/**
 * Resolves when the log has said what the server already accepted, so that nothing flickers back in between. Someone
 * may have changed it again at once, and then it is never said: after a while the log alone is believed.
 */
export function confirmed<Snapshot>(
  queryClient: QueryClient,
  queryKey: QueryKey,
  isSaidIn: (snapshot: Snapshot) => boolean,
): Promise<void> {
  const isSaid = () => {
    const snapshot = queryClient.getQueryData<Snapshot>(queryKey)
    return snapshot === undefined || isSaidIn(snapshot)
  }
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(done, LONGEST_WAIT)
    const unsubscribe = queryClient.getQueryCache().subscribe(() => isSaid() && done())
    if (isSaid()) done()
  })
}
