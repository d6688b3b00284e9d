/** How this browser calls for its person. Kept here, since a laptop in a meeting is not the desk at home. */
import { useSyncExternalStore } from 'react'

export type RingingSettings = { sound: boolean; system: boolean }

const KEY = 'baton.ringing'
const QUIET: RingingSettings = { sound: false, system: false }

let settings: RingingSettings | null = null
const listeners = new Set<() => void>()

export function ringingSettings(): RingingSettings {
  settings ??= remembered()
  return settings
}

export function changeRinging(change: Partial<RingingSettings>): void {
  settings = { ...ringingSettings(), ...change }
  localStorage.setItem(KEY, JSON.stringify(settings))
  for (const listener of listeners) listener()
}

export const useRingingSettings = () => useSyncExternalStore(subscribe, ringingSettings)

function remembered(): RingingSettings {
  try {
    const { sound, system } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<RingingSettings>
    return { sound: sound === true, system: system === true }
  } catch {
    return QUIET
  }
}

function subscribe(listener: () => void) {
  /** Another tab of this browser is set by the same person. */
  const heard = ({ key }: StorageEvent) => {
    if (key !== KEY) return
    settings = null
    listener()
  }
  window.addEventListener('storage', heard)
  listeners.add(listener)
  return () => {
    window.removeEventListener('storage', heard)
    listeners.delete(listener)
  }
}
