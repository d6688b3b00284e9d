/**
 * The request that the rows mean: the same bytes for the same rows, so that the prompt cache hits and a call can be
 * replayed. A conversation only grows at its end, so each request begins with the one before it.
 *
 * Marks for the cache do not count as content. One stands after the system prompt (which covers the tools before it),
 * one at the end, and one where the request before ended: the entry of the cache is found there, however many blocks
 * an answer had.
 */
import { createHash } from 'node:crypto'
import type Anthropic from '@anthropic-ai/sdk'
import type { Entry } from '../_shared/protocol.ts'
import { attachmentBlock, attachmentsOf, type Contents } from './attachments.ts'
import { isAnswer } from './conversation.ts'
import { factsOf } from './prices.ts'
import { PROMPT_VERSION, SYSTEM_PROMPT } from './prompt/system.ts'
import { TOOL_DEFINITIONS, TOOLS_VERSION } from './tools/index.ts'

export type Request = Anthropic.MessageCreateParamsStreaming
type Message = { role: 'user' | 'assistant'; content: Anthropic.ContentBlockParam[] }

/** All that a request depends on beside the rows; kept with the turn, so that the request can be made again. */
export type RequestMeta = {
  model: string
  max_tokens: number
  prompt: string
  tools: string
  /** Set after the model refused thinking of its own that it gave before. */
  without_thinking: boolean
}

const MOST_OUTPUT_TOKENS = 32_000
const THINKING_BUDGET_TOKENS = 4_096

export function metaFor(model: string, withoutThinking = false): RequestMeta {
  return {
    model,
    max_tokens: Math.min(factsOf(model).maxOutputTokens, MOST_OUTPUT_TOKENS),
    prompt: PROMPT_VERSION,
    tools: TOOLS_VERSION,
    without_thinking: withoutThinking,
  }
}

export function buildRequest(history: Entry[], meta: RequestMeta, contents: Contents = new Map()): Request {
  return {
    model: meta.model,
    max_tokens: meta.max_tokens,
    ...thinkingOf(meta.model),
    tools: toolsFor(meta.model),
    system: [{ type: 'text', text: SYSTEM_PROMPT, cache_control: { type: 'ephemeral' } }],
    messages: marked(messagesOf(history, meta, contents)),
    stream: true,
  }
}

export const hashOf = (request: Request) => createHash('sha256').update(JSON.stringify(request)).digest('hex')

/**
 * Thinking may only be sent back to the model that thought it, after the very tools and instructions that it had: newer
 * models check that, and refuse the request. So each thought keeps this mark of where it came from.
 */
export const thinkingOrigin = (meta: RequestMeta) => `${meta.model} ${meta.prompt} ${meta.tools}`

function thinkingOf(model: string): Partial<Request> {
  const { thinking, effort } = factsOf(model)
  if (thinking === 'none') return {}
  if (thinking === 'budget') return { thinking: { type: 'enabled', budget_tokens: THINKING_BUDGET_TOKENS } }
  return {
    thinking: { type: 'adaptive', display: 'summarized' },
    ...(effort ? { output_config: { effort } } : {}),
  }
}

/** Input that is shown while it is written must not be held back until it is whole. */
function toolsFor(model: string): Anthropic.Tool[] {
  if (factsOf(model).thinking === 'none') return TOOL_DEFINITIONS
  return TOOL_DEFINITIONS.map((tool) => ({ ...tool, eager_input_streaming: true }))
}

function messagesOf(history: Entry[], meta: RequestMeta, contents: Contents): Message[] {
  const messages: Message[] = []
  for (const entry of history) {
    if (isAnswer(entry)) addAnswer(messages, entry, meta)
    else open(messages, 'user').push(...spokenBlocks(entry, contents))
  }
  return messages
}

/** The result of a call goes to the message after it, ahead of all else that is said there. */
function addAnswer(messages: Message[], entry: Entry, meta: RequestMeta): void {
  const block = answerBlock(entry, meta)
  if (!block) return
  const answer = answerOf(messages, entry)
  answer.content.push(block)
  if (block.type === 'tool_use') resultsAfter(messages, answer).push(resultBlock(entry))
}

const turns = new WeakMap<Message, number>()

function answerOf(messages: Message[], { turn }: Entry): Message {
  const answer = messages.findLast(({ role }) => role === 'assistant')
  if (answer && turns.get(answer) === turn) return answer
  const next: Message = { role: 'assistant', content: [] }
  turns.set(next, turn)
  messages.push(next)
  return next
}

function resultsAfter(messages: Message[], answer: Message): Anthropic.ContentBlockParam[] {
  if (messages.at(-1) === answer) messages.push({ role: 'user', content: [] })
  return messages.at(-1)!.content
}

function open(messages: Message[], role: Message['role']): Anthropic.ContentBlockParam[] {
  if (messages.at(-1)?.role !== role) messages.push({ role, content: [] })
  return messages.at(-1)!.content
}

function answerBlock(entry: Entry, meta: RequestMeta): Anthropic.ContentBlockParam | null {
  switch (entry.kind) {
    case 'text':
      return { type: 'text', text: entry.text }
    case 'tool_use': {
      const { api_id, name, input } = entry.tool_call!
      return { type: 'tool_use', id: api_id, name, input }
    }
    case 'thinking':
      if (!maySendBack(entry, meta)) return null
      return { type: 'thinking', thinking: entry.text, signature: String(entry.data.signature) }
    case 'redacted_thinking':
      if (!maySendBack(entry, meta)) return null
      return { type: 'redacted_thinking', data: String(entry.data.data) }
    default:
      throw new Error(`An answer has no "${entry.kind}".`)
  }
}

const maySendBack = ({ data }: Entry, meta: RequestMeta) =>
  !meta.without_thinking && data.origin === thinkingOrigin(meta)

function resultBlock({ tool_call }: Entry): Anthropic.ToolResultBlockParam {
  const { api_id, name, state, result, is_error } = tool_call!
  if (state === 'pending' || state === 'queued' || state === 'running')
    throw new Error(`The call ${api_id} of ${name} is still ${state}, so its result cannot be sent.`)
  return {
    type: 'tool_result',
    tool_use_id: api_id,
    content: result?.trim() ? result : 'Nothing was returned.',
    ...(is_error ? { is_error: true } : {}),
  }
}

function spokenBlocks(entry: Entry, contents: Contents): Anthropic.ContentBlockParam[] {
  switch (entry.kind) {
    case 'message':
      return [
        ...attachmentsOf(entry).map((attachment) => attachmentBlock(attachment, contents)),
        ...(entry.text.trim() || attachmentsOf(entry).length === 0 ? said(entry.text) : []),
      ]
    case 'notice':
      return said(`[Baton] ${entry.text}`)
    case 'compaction':
      return said(`[Baton] The conversation became too long and begins anew here. So far:\n\n${entry.text}`)
    default:
      throw new Error(`Nobody says a "${entry.kind}" to the model.`)
  }
}

const said = (text: string): Anthropic.TextBlockParam[] =>
  text.trim() === '' ? [{ type: 'text', text: '(no text)' }] : [{ type: 'text', text }]

function marked(messages: Message[]): Message[] {
  const ends = messages.filter(({ role }) => role === 'user').slice(-2)
  for (const { content } of ends) {
    const last = content.length - 1
    content[last] = { ...content[last]!, cache_control: { type: 'ephemeral' } } as Anthropic.ContentBlockParam
  }
  return messages
}
