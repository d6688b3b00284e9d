/** Every request must be valid, and begin with the one before it, byte for byte: else the prompt cache would miss. */
import type { Request } from '../../../supabase/functions/agent/history.ts'
import type { Evidence } from './evidence.ts'
import { isToSumUp } from './story.ts'

export function checkRequests({ requests, faults }: Evidence): string[] {
  const goingOn = requests.filter((request) => !isToSumUp(request))
  const broken = [...groupsOf(goingOn).values()].flatMap((group) => {
    const lines = group.map(linesOf).sort((one, other) => one.length - other.length)
    return lines.flatMap((request, at) => differenceFrom(lines[at - 1] ?? [], request))
  })
  return [...faults, ...broken]
}

/** A summary begins the conversation anew, and a message that is sent again ends in another way: each has its own line. */
function groupsOf(requests: Request[]): Map<string, Request[]> {
  const groups = new Map<string, Request[]>()
  for (const request of requests) {
    const text = JSON.stringify(request.messages)
    const first = (request.messages[0]!.content as { text?: string }[])[0]?.text ?? ''
    const summary = first.includes('The conversation became too long') ? first : ''
    const key = `${summary} ${/Message \d, (badly put|again)/.exec(text)?.[0] ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), request])
  }
  return groups
}

function differenceFrom(before: string[], request: string[]): string[] {
  const at = before.findIndex((line, place) => line !== request[place])
  return at < 0 ? [] : [`a request differs from a shorter one in block ${at}: ${before[at]} / ${request[at]}`]
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
