/**
 * Refuses what Anthropic would refuse, so that a history which goes wrong is noticed without a key. Answers the first
 * fault as a sentence, or null.
 */
import { type Block, blocksOf, type Message, type MessagesRequest, type ToolUseBlock } from './messages.ts'
import { isForged } from './signature.ts'

const TOOL_ID = /^[a-zA-Z0-9_-]+$/
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/
const BREAKPOINTS = 4
const SMALLEST_THINKING_BUDGET = 1024

export function findFault(request: MessagesRequest): string | null {
  return (
    faultOfFields(request) ??
    faultOfTools(request) ??
    faultOfThinking(request) ??
    faultOfBreakpoints(request) ??
    faultOfMessages(request.messages)
  )
}

function faultOfFields({ model, max_tokens, messages }: MessagesRequest): string | null {
  if (typeof model !== 'string' || model === '') return 'model: Field required'
  if (!Number.isInteger(max_tokens) || max_tokens < 1) return 'max_tokens: must be at least 1'
  if (!Array.isArray(messages)) return 'messages: Field required'
  if (messages.length === 0) return 'messages: at least one message is required'
  return null
}

function faultOfTools({ tools = [] }: MessagesRequest): string | null {
  const names = tools.map(({ name }) => name)
  for (const [index, tool] of tools.entries()) {
    if (!TOOL_NAME.test(tool.name))
      return `tools.${index}.name: String should match pattern '${TOOL_NAME.source}'`
    if (names.indexOf(tool.name) !== index) return 'tools: Tool names must be unique.'
    const isServerTool = typeof tool.type === 'string' && tool.type !== 'custom'
    const schema = tool.input_schema as { type?: string } | undefined
    if (!isServerTool && schema?.type !== 'object')
      return `tools.${index}.input_schema.type: Input should be 'object'`
  }
  return null
}

function faultOfThinking({ thinking, max_tokens }: MessagesRequest): string | null {
  if (thinking?.type !== 'enabled') return null
  const budget = thinking.budget_tokens ?? 0
  if (budget < SMALLEST_THINKING_BUDGET)
    return `thinking.enabled.budget_tokens: Input should be greater than or equal to ${SMALLEST_THINKING_BUDGET}`
  return budget < max_tokens ? null : '`max_tokens` must be greater than `thinking.budget_tokens`.'
}

function faultOfBreakpoints({ system, tools = [], messages }: MessagesRequest): string | null {
  const blocks = [
    ...tools,
    ...blocksOf(system ?? ''),
    ...messages.flatMap(({ content }) => blocksOf(content)),
  ] as { cache_control?: unknown }[]
  const found = blocks.filter(({ cache_control }) => cache_control).length
  return found > BREAKPOINTS
    ? `A maximum of ${BREAKPOINTS} blocks with cache_control may be provided. Found ${found}.`
    : null
}

function faultOfMessages(messages: Message[]): string | null {
  if (messages[0]!.role !== 'user') return 'messages: first message must use the "user" role'
  const ids = new Set<string>()
  for (const [index, message] of messages.entries()) {
    const fault =
      faultOfMessage(message, `messages.${index}`, index === messages.length - 1) ??
      faultOfIds(message, `messages.${index}`, ids) ??
      faultOfResults(message, messages[index - 1], `messages.${index}`)
    if (fault) return fault
  }
  const unanswered = callsOf(messages.at(-1))
  return unanswered.length > 0 ? unansweredFault(unanswered, `messages.${messages.length - 1}`) : null
}

function faultOfMessage({ role, content }: Message, at: string, isLast: boolean): string | null {
  if (role !== 'user' && role !== 'assistant')
    return `${at}.role: Input should be 'user' or 'assistant'; a system prompt is a top-level field`
  if (typeof content !== 'string' && !Array.isArray(content)) return `${at}.content: Field required`
  const blocks = blocksOf(content)
  if (blocks.length === 0 || content === '') return `${at}: all messages must have non-empty content`
  for (const [index, block] of blocks.entries()) {
    const fault = faultOfBlock(block, role)
    if (fault) return `${at}.content.${index}: ${fault}`
  }
  const last = blocks.at(-1)!
  if (role === 'assistant' && isLast && last.type !== 'tool_use')
    return 'This model does not support assistant message prefill. The conversation must end with a user message.'
  return null
}

function faultOfBlock(block: Block, role: 'user' | 'assistant'): string | null {
  switch (block.type) {
    case 'text':
      return block.text?.trim() ? null : 'text content blocks must contain non-whitespace text'
    case 'thinking':
      if (role !== 'assistant') return 'thinking blocks may only be in assistant messages'
      if (!block.signature) return 'thinking.signature: Field required'
      return isForged(block.thinking, block.signature) ? 'Invalid `signature` in `thinking` block' : null
    case 'tool_use':
      if (role !== 'assistant') return '`tool_use` blocks can only be in `assistant` messages'
      if (!TOOL_ID.test(block.id)) return `tool_use.id: String should match pattern '${TOOL_ID.source}'`
      return isObject(block.input) ? null : 'tool_use.input: Input should be a valid dictionary'
    case 'tool_result':
      return role === 'user' ? null : '`tool_result` blocks can only be in `user` messages'
    case 'image':
    case 'document':
      return role === 'user' ? null : `\`${block.type}\` blocks can only be in \`user\` messages`
    case 'redacted_thinking':
      return role === 'assistant' ? null : 'thinking blocks may only be in assistant messages'
    default:
      return `Input tag '${(block as { type: string }).type}' does not match any of the expected tags`
  }
}

function faultOfIds({ content }: Message, at: string, ids: Set<string>): string | null {
  for (const block of blocksOf(content)) {
    if (block.type !== 'tool_use') continue
    if (ids.has(block.id)) return `${at}: \`tool_use\` ids must be unique`
    ids.add(block.id)
  }
  return null
}

function faultOfResults({ content }: Message, before: Message | undefined, at: string): string | null {
  const blocks = blocksOf(content)
  const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []))
  const calls = callsOf(before)
  const stray = results.find((id) => !calls.includes(id))
  if (stray)
    return `${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`
  if (new Set(results).size < results.length)
    return `${at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with one id`
  const missing = calls.filter((id) => !results.includes(id))
  if (missing.length > 0) return unansweredFault(missing, at)
  const isFirst = blocks.slice(0, results.length).every(({ type }) => type === 'tool_result')
  return isFirst ? null : `${at}: \`tool_result\` blocks must come first in the content`
}

const unansweredFault = (ids: string[], at: string) =>
  `${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}.`

const callsOf = (message: Message | undefined): string[] =>
  message?.role === 'assistant'
    ? blocksOf(message.content)
        .filter((block): block is ToolUseBlock => block.type === 'tool_use')
        .map(({ id }) => id)
    : []

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
