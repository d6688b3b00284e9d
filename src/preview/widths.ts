import { useSyncExternalStore } from 'react'

export const WIDTHS = { phone: 390, tablet: 820, full: null } as const
export type Width = keyof typeof WIDTHS

const KEY = 'baton.preview-width'
const listeners = new Set<() => void>()

/** Remembered in this browser, for all projects: whoever builds for phones looks at phones. */
export function useWidth(): [Width, (width: Width) => void] {
  return [useSyncExternalStore(subscribe, remembered), setWidth]
}

export function setWidth(width: Width): void {
  localStorage.setItem(KEY, width)
  for (const listener of listeners) listener()
}

function remembered(): Width {
  const found = localStorage.getItem(KEY)
  return found === 'phone' || found === 'tablet' ? found : 'full'
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
