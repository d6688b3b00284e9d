/** What a client's message says, whichever frame it came in. */
import type { BroadcastContent, Incoming } from './protocol.ts'

export function fieldsOf({ payload }: Incoming): Record<string, unknown> {
  return payload.kind === 'json' && isMap(payload.value) ? payload.value : {}
}

/** Null for what no receiver could read. Phoenix's own push has no event of the user's: it keeps an empty one. */
export function contentOf({ payload }: Incoming): BroadcastContent | null {
  switch (payload.kind) {
    case 'raw':
      return { form: 'user', event: '', encoding: 'raw', bytes: payload.bytes }
    case 'json':
      return isMap(payload.value) ? { form: 'text', payload: payload.value } : null
    case 'user': {
      const { event, encoding, bytes } = payload
      return encoding === 'json' && !isJson(bytes) ? null : { form: 'user', event, encoding, bytes }
    }
  }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'))
    return true
  } catch {
    return false
  }
}
