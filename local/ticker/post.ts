import { apiUrl, type StackConfig } from '../config.ts'
import type { Log } from '../log.ts'
import type { Wake } from './wake.ts'

/** Functions that are woken answer at once and work behind; one that does not is left to itself. */
const PATIENCE_MS = 30_000

/** Rejects when nothing answered or a 5xx did; a 4xx will be one again. */
export function createPost(config: StackConfig, log: Log): (wake: Wake) => Promise<void> {
  return async (wake) => {
    const response = await fetch(`${apiUrl(config)}/functions/v1/${wake.function}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', apikey: config.keys.secret },
      body: JSON.stringify(wake.payload),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const text = await response.text()
    if (response.ok) return
    const fields = { function: wake.function, status: response.status, answer: text.slice(0, 500) }
    if (response.status >= 500)
      throw new Error(`${wake.function} answered ${response.status}: ${fields.answer}`)
    log.warn('wake refused', fields)
  }
}
