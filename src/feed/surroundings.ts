/** What the browser around the page tells: whether there is a network, and that a sleeping tab woke. */
export type Surroundings = {
  isOnline(): boolean
  watch(listener: (news: 'woken' | 'online' | 'offline') => void): () => void
}

export const browserSurroundings: Surroundings = {
  isOnline: () => typeof navigator === 'undefined' || navigator.onLine !== false,
  watch(listener) {
    if (typeof window === 'undefined') return () => {}
    const { signal, abort } = cancellation()
    window.addEventListener('online', () => listener('online'), { signal })
    window.addEventListener('offline', () => listener('offline'), { signal })
    window.addEventListener('pageshow', (event) => event.persisted && listener('woken'), { signal })
    const onVisible = () => document.visibilityState === 'visible' && listener('woken')
    document.addEventListener('visibilitychange', onVisible, { signal })
    return abort
  },
}

function cancellation() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
