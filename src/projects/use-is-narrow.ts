import { useSyncExternalStore } from 'react'

/** There is no room for the chat and the workbench beside each other: below Tailwind's `xl`. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches)
}

const narrow = matchMedia('(width < 80rem)')

function subscribe(listener: () => void) {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}
