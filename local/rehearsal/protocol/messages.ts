/** What of Anthropic's Messages API the rehearsal reads and writes. */
export type TextBlock = { type: 'text'; text: string }
export type ThinkingBlock = { type: 'thinking'; thinking: string; signature: string }
export type ToolUseBlock = { type: 'tool_use'; id: string; name: string; input: Record<string, unknown> }
export type ToolResultBlock = {
  type: 'tool_result'
  tool_use_id: string
  content?: string | Block[]
  is_error?: boolean
}
type OtherBlock = { type: 'image' | 'document' | 'redacted_thinking' } & Record<string, unknown>
export type Block = (TextBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock | OtherBlock) & {
  cache_control?: unknown
}

export type Message = { role: 'user' | 'assistant' | 'system'; content: string | Block[] }

export type MessagesRequest = {
  model: string
  max_tokens: number
  messages: Message[]
  stream?: boolean
  system?: string | Block[]
  tools?: ({ name: string; input_schema?: unknown } & Record<string, unknown>)[]
  thinking?: { type: string; budget_tokens?: number }
}

export type StopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'pause_turn' | 'refusal'

/** One piece of an answer. `json` is sent as it stands, so that a fault may send what no parser takes. */
export type Piece =
  | { kind: 'think'; text: string }
  | { kind: 'say'; text: string }
  | { kind: 'call'; id: string; name: string; json: string }

export type Refusal = { status: number; type: string; message: string; retryAfter?: number }

export type Reply = {
  pieces: Piece[]
  stopReason?: StopReason
  /** Ends the stream after so many tokens: with nothing, or with an error event of this type. */
  breaks?: { afterTokens: number; error?: string }
  tokensPerSecond?: number
  firstTokenMs?: number
}

export const blocksOf = (content: string | Block[]): Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content

export const textOf = (content: string | Block[] | undefined): string =>
  blocksOf(content ?? '')
    .map((block) => (block.type === 'text' ? block.text : ''))
    .join('')
