/**
 * The one thing that is not in a conversation: that the very same request comes a second time, because the answer to
 * the first was a fault. It is counted here, for faults that pass.
 */
import { fingerprint } from './protocol/events.ts'
import type { MessagesRequest } from './protocol/messages.ts'

const MOST_REMEMBERED = 1_000

export function countAttempts(): (request: MessagesRequest) => number {
  const attempts = new Map<string, number>()
  return ({ messages }) => {
    const key = fingerprint(messages, 32)
    const attempt = (attempts.get(key) ?? 0) + 1
    attempts.delete(key)
    attempts.set(key, attempt)
    if (attempts.size > MOST_REMEMBERED) attempts.delete(attempts.keys().next().value!)
    return attempt
  }
}
