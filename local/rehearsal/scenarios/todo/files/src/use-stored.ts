import { useEffect, useState } from 'react'

/** State that outlasts a reload: it is kept in the browser under its key. */
export function useStored<T>(key: string, initial: T) {
  const [value, setValue] = useState<T>(() => read<T>(key) ?? initial)

  useEffect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(value))
    } catch {
      // Private windows may refuse to store; the app works until the tab is closed.
    }
  }, [key, value])

  return [value, setValue] as const
}

function read<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(key)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}
