/** What SQL's `wake(function_name, payload)` notifies where the database cannot post by itself. */
export type Wake = { function: string; payload: unknown }

export const WAKE_CHANNEL = 'wake'

/** Null for what `wake` would not have sent: anybody who may connect may also notify. */
export function parseWake(text: string): Wake | null {
  try {
    const { function: name, payload = {} } = JSON.parse(text)
    return typeof name === 'string' && /^[A-Za-z0-9][\w-]*$/.test(name) ? { function: name, payload } : null
  } catch {
    return null
  }
}
