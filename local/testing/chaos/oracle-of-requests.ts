/** Every request must be valid, and begin with the one before it, byte for byte: else the prompt cache would miss. */
import type { Request } from '../../../supabase/functions/agent/history.ts'
import type { Evidence } from './evidence.ts'

export function checkRequests({ requests, faults }: Evidence): string[] {
  const lines = requests.map(linesOf).sort((one, other) => one.length - other.length)
  const broken = lines.flatMap((request, at) => {
    const before = lines[at - 1] ?? []
    const differs = before.findIndex((line, place) => line !== request[place])
    return differs < 0
      ? []
      : [`a request differs from a shorter one in block ${differs}: ${before[differs]} / ${request[differs]}`]
  })
  return [...faults, ...broken]
}

/** The head, then a line for each block; the marks for the cache wander with the end and are no content. */
function linesOf({ messages, ...head }: Request): string[] {
  const blocks = messages.flatMap(({ role, content }) =>
    (content as object[]).map((block) => `${role} ${plain(block)}`),
  )
  return [JSON.stringify(head), ...blocks]
}

const plain = (block: object) =>
  JSON.stringify(block, (name, value) => (name === 'cache_control' ? undefined : value))
