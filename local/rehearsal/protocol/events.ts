/** An answer as the events of Anthropic's stream, each with the tokens that it took. */
import { createHash } from 'node:crypto'
import type { MessagesRequest, Piece, Reply, StopReason } from './messages.ts'
import { signThinking } from './signature.ts'
import { countTokens, piecesOf } from './tokens.ts'
import { inputUsage } from './usage.ts'

export type StreamEvent = { type: string } & Record<string, unknown>
export type Timed = { event: StreamEvent; tokens: number }

export function* streamEvents(request: MessagesRequest, reply: Reply): Generator<Timed> {
  yield { event: { type: 'message_start', message: emptyMessage(request) }, tokens: 0 }
  yield { event: { type: 'ping' }, tokens: 0 }
  const spent = { tokens: 0, thinking: 0 }
  let isFull = false
  for (const [index, piece] of reply.pieces.entries()) {
    isFull = yield* blockEvents(index, piece, spent, request.max_tokens)
    if (isFull) break
  }
  const stopReason = isFull ? 'max_tokens' : (reply.stopReason ?? naturalEnd(reply.pieces))
  yield { event: endOf(stopReason, spent), tokens: 0 }
  yield { event: { type: 'message_stop' }, tokens: 0 }
}

/** Answers whether the limit of the request was reached in this block. */
function* blockEvents(
  index: number,
  piece: Piece,
  spent: { tokens: number; thinking: number },
  limit: number,
): Generator<Timed, boolean> {
  yield { event: { type: 'content_block_start', index, content_block: opened(piece) }, tokens: 0 }
  let isFull = false
  for (const text of piecesOf(piece.kind === 'call' ? piece.json : piece.text)) {
    const tokens = countTokens(text)
    isFull = spent.tokens + tokens > limit
    if (isFull) break
    spent.tokens += tokens
    if (piece.kind === 'think') spent.thinking += tokens
    yield { event: { type: 'content_block_delta', index, delta: deltaOf(piece, text) }, tokens }
  }
  if (piece.kind === 'think' && !isFull) {
    const delta = { type: 'signature_delta', signature: signThinking(piece.text) }
    yield { event: { type: 'content_block_delta', index, delta }, tokens: 0 }
  }
  yield { event: { type: 'content_block_stop', index }, tokens: 0 }
  return isFull
}

function opened(piece: Piece) {
  if (piece.kind === 'say') return { type: 'text', text: '' }
  if (piece.kind === 'think') return { type: 'thinking', thinking: '', signature: '' }
  return { type: 'tool_use', id: piece.id, name: piece.name, input: {} }
}

function deltaOf(piece: Piece, text: string) {
  if (piece.kind === 'say') return { type: 'text_delta', text }
  if (piece.kind === 'think') return { type: 'thinking_delta', thinking: text }
  return { type: 'input_json_delta', partial_json: text }
}

const naturalEnd = (pieces: Piece[]): StopReason =>
  pieces.some(({ kind }) => kind === 'call') ? 'tool_use' : 'end_turn'

function endOf(stopReason: StopReason, spent: { tokens: number; thinking: number }): StreamEvent {
  const refused = { type: 'refusal', category: null, explanation: 'Rehearsed: a refusal.' }
  return {
    type: 'message_delta',
    delta: {
      stop_reason: stopReason,
      stop_sequence: null,
      stop_details: stopReason === 'refusal' ? refused : null,
      container: null,
    },
    usage: {
      output_tokens: Math.max(1, spent.tokens),
      output_tokens_details: { thinking_tokens: spent.thinking },
    },
  }
}

function emptyMessage(request: MessagesRequest) {
  const usage = inputUsage(request)
  return {
    id: `msg_rehearsal_${fingerprint(request.messages, 20)}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [] as unknown[],
    container: null,
    diagnostics: null,
    stop_reason: null as StopReason | null,
    stop_sequence: null,
    stop_details: null as unknown,
    usage: {
      ...usage,
      cache_creation: {
        ephemeral_5m_input_tokens: usage.cache_creation_input_tokens,
        ephemeral_1h_input_tokens: 0,
      },
      output_tokens: 1,
      output_tokens_details: null as unknown,
      server_tool_use: null,
      service_tier: 'standard',
      inference_geo: null,
      speed: 'standard',
    },
  }
}

export const fingerprint = (value: unknown, length: number): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, length)

/** The same answer for who did not ask for a stream. */
export function wholeMessage(request: MessagesRequest, reply: Reply): Record<string, unknown> {
  const message = emptyMessage(request)
  const inputs: string[] = []
  for (const { event } of streamEvents(request, reply)) {
    const index = event.index as number
    const block = message.content[index] as Record<string, string | unknown>
    if (event.type === 'content_block_start') message.content[index] = event.content_block
    if (event.type === 'content_block_delta') {
      const delta = event.delta as Record<string, string>
      if (delta.type === 'input_json_delta') inputs[index] = (inputs[index] ?? '') + delta.partial_json
      for (const field of ['text', 'thinking', 'signature'] as const)
        if (field in delta) block[field] = `${block[field]}${delta[field]}`
    }
    if (event.type === 'content_block_stop' && inputs[index] !== undefined)
      block.input = parsed(inputs[index])
    if (event.type === 'message_delta') {
      Object.assign(message, event.delta)
      Object.assign(message.usage, event.usage)
    }
  }
  return message
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}
