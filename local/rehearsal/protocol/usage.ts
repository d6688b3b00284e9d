/**
 * Token counts by the length of what was sent. No cache is kept, so that every process counts alike: with a
 * `cache_control` in the request, all before the newest answer counts as read, what came since as written.
 */
import type { Block, MessagesRequest } from './messages.ts'
import { countTokens } from './tokens.ts'

const SMALLEST_CACHED_PREFIX = 1024
const TOKENS_OF_AN_IMAGE = 1500

export type InputUsage = {
  input_tokens: number
  cache_creation_input_tokens: number
  cache_read_input_tokens: number
}

export function inputUsage(request: MessagesRequest): InputUsage {
  const head = countOf(request.tools ?? []) + countOf(request.system ?? '')
  const messages = request.messages.map(({ content }) => 4 + countOf(content))
  const lastAnswer = request.messages.findLastIndex(({ role }) => role === 'assistant')
  const before = lastAnswer < 0 ? 0 : head + sum(messages.slice(0, lastAnswer))
  const total = head + sum(messages)
  const marked = hasBreakpoint(request) && total >= SMALLEST_CACHED_PREFIX
  const read = marked && before >= SMALLEST_CACHED_PREFIX ? before : 0
  const written = marked ? cachedEnd(request, head, messages) - read : 0
  return {
    input_tokens: Math.max(1, total - read - Math.max(0, written)),
    cache_creation_input_tokens: Math.max(0, written),
    cache_read_input_tokens: read,
  }
}

/** Tokens up to the last block that carries a `cache_control`, to the message. */
function cachedEnd(request: MessagesRequest, head: number, messages: number[]): number {
  const last = request.messages.findLastIndex(({ content }) => isMarked(content))
  return head + sum(messages.slice(0, last + 1))
}

const hasBreakpoint = ({ system, tools, messages }: MessagesRequest) =>
  isMarked(system ?? '') ||
  (tools ?? []).some((tool) => tool.cache_control) ||
  messages.some(({ content }) => isMarked(content))

const isMarked = (content: string | Block[]) =>
  typeof content !== 'string' && content.some((block) => block.cache_control)

function countOf(value: unknown): number {
  if (typeof value === 'string') return countTokens(value)
  if (Array.isArray(value)) return sum(value.map(countOf))
  if (value === null || typeof value !== 'object') return 1
  if ((value as Block).type === 'image') return TOKENS_OF_AN_IMAGE
  return sum(Object.entries(value).map(([key, inner]) => (key === 'cache_control' ? 0 : 1 + countOf(inner))))
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
