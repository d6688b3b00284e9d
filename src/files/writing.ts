import type { Entry, ToolCall } from '../../supabase/functions/_shared/protocol.ts'
import { readPartialInput } from './partial-input.ts'

/** A file that an agent is at, as far as its words have come. */
export type Writing = {
  toolCallId: string
  path: string
  /** The whole text so far; null for an edit, which is not seen before it is made. */
  content: string | null
  /** Still being typed, not only waiting to be carried out. */
  isOpen: boolean
}

const UNFINISHED: readonly ToolCall['state'][] = ['pending', 'queued', 'running']

/** Calls are unfinished in the last turn only; one more is looked at, as a message may have come in between. */
const TURNS = 2

/** In the order in which they were begun. */
export function writingsOf(entries: readonly Entry[]): Writing[] {
  const oldest = (entries.at(-1)?.turn ?? 0) - TURNS
  const found: Writing[] = []
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at] as Entry
    if (entry.turn <= oldest) break
    const writing = writingOf(entry)
    if (writing) found.unshift(writing)
  }
  return found
}

function writingOf({ state, text, tool_call: call }: Entry): Writing | null {
  if (!call || state === 'dropped' || !UNFINISHED.includes(call.state)) return null
  if (call.name !== 'write_file' && call.name !== 'edit_file') return null
  const isOpen = call.state === 'pending'
  const input: Record<string, unknown> = isOpen ? readPartialInput(text) : call.input
  const path = typeof input.path === 'string' ? normalised(input.path) : ''
  // A path that is still being typed is not a path yet: the next key has begun when it is one.
  if (!path || (isOpen && Object.keys(input).length === 1 && !isPathClosed(text))) return null
  const content = call.name === 'write_file' ? String(input.content ?? '') : null
  return { toolCallId: call.id, path, content, isOpen }
}

const isPathClosed = (json: string) => /"path"\s*:\s*"(?:[^"\\]|\\.)*"/.test(json)

/** As the tool spells it. */
const normalised = (path: string) =>
  path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
