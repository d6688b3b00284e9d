export type Toast = {
  id: number
  tone: 'plain' | 'bad'
  title: string
  body?: string
  /** Something to do about it, such as taking it back. It stays longer then. */
  action?: { label: string; act(): void }
}

let nextId = 1
let shown: readonly Toast[] = []
const listeners = new Set<() => void>()

/** Answers its id, to dismiss it by. */
export function showToast(toast: Omit<Toast, 'id'>): number {
  const id = nextId++
  replace([...shown.slice(-2), { ...toast, id }])
  return id
}

export function dismissToast(id: number): void {
  replace(shown.filter((toast) => toast.id !== id))
}

function replace(toasts: readonly Toast[]): void {
  shown = toasts
  for (const listener of listeners) listener()
}

export const toasts = {
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  current: () => shown,
}
