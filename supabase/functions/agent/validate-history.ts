/** The rules of the Messages API for a conversation, as strict as they are read anywhere: what is wrong, with its place. */
import type { Request } from './history.ts'
import { storable } from './storable.ts'

type Block = { type: string; [field: string]: unknown }
type Message = { role: string; content: Block[] }

export function validateHistory({ messages, system, thinking }: Request): string[] {
  const all = messages as unknown as Message[]
  const marks = JSON.stringify([system, messages]).split('"cache_control":').length - 1
  return [
    ...(all.length === 0 ? ['there are no messages'] : []),
    ...(marks > 4 ? [`${marks} cache marks, where four are allowed`] : []),
    ...(all[0] && all[0].role !== 'user' ? ['the first message is not from the user'] : []),
    ...(all.at(-1)?.role === 'assistant' ? ['the last message is from the assistant'] : []),
    ...all.flatMap((message, at) => messageFaults(all, message, at)),
    ...doubledIds(all),
    ...(thinking?.type === 'enabled' ? unthoughtCalls(all) : []),
  ]
}

function messageFaults(all: Message[], { role, content }: Message, at: number): string[] {
  const place = `messages.${at}`
  if (role !== 'user' && role !== 'assistant') return [`${place}: the role is ${role}`]
  if (content.length === 0) return [`${place}: there is no content`]
  return [
    ...(all[at - 1]?.role === role ? [`${place}: two messages from the ${role} follow each other`] : []),
    ...content.flatMap((block, index) => blockFaults(role, block, `${place}.content.${index}`)),
    ...(role === 'assistant'
      ? answerFaults(content, all[at + 1], place)
      : resultFaults(content, all[at - 1], place)),
  ]
}

const IN_ROLE: Record<string, string[]> = {
  assistant: ['text', 'thinking', 'redacted_thinking', 'tool_use'],
  user: ['text', 'image', 'document', 'tool_result'],
}

function blockFaults(role: string, block: Block, place: string): string[] {
  const faults: string[] = []
  const complain = (wrong: boolean, what: string) => wrong && faults.push(`${place}: ${what}`)
  complain(!IN_ROLE[role]!.includes(block.type), `a ${block.type} is not said by the ${role}`)
  complain(JSON.stringify(block) !== JSON.stringify(storable(block)), 'half of a surrogate pair')
  switch (block.type) {
    case 'text':
      complain(!hasText(block.text), 'text without a visible character')
      break
    case 'thinking':
      complain(
        typeof block.thinking !== 'string' || !hasText(block.signature),
        'thinking without a signature',
      )
      complain('cache_control' in block, 'thinking cannot be marked for the cache')
      break
    case 'redacted_thinking':
      complain(!hasText(block.data), 'redacted thinking without data')
      break
    case 'tool_use':
      complain(!/^[A-Za-z0-9_-]{1,128}$/.test(String(block.id)), `the id ${block.id} is not allowed`)
      complain(!/^[A-Za-z0-9_-]{1,128}$/.test(String(block.name)), `the name ${block.name} is not allowed`)
      complain(!isObject(block.input), 'an input that is no object')
      break
    case 'tool_result':
      complain(!hasText(block.content), 'a result without content')
      break
    case 'image':
      complain(!hasText((block.source as Block).data), 'an image without data')
  }
  return faults
}

function answerFaults(content: Block[], next: Message | undefined, place: string): string[] {
  const calls = content.filter(({ type }) => type === 'tool_use').map(({ id }) => id)
  const results = (next?.content ?? [])
    .filter(({ type }) => type === 'tool_result')
    .map((block) => block.tool_use_id)
  const missing = calls.filter((id) => !results.includes(id))
  return [
    ...missing.map((id) => `${place}: the call ${id} has no result in the next message`),
    ...(content.at(-1)?.type.endsWith('thinking') ? [`${place}: the answer ends in thinking`] : []),
  ]
}

function resultFaults(content: Block[], before: Message | undefined, place: string): string[] {
  const calls = (before?.content ?? []).filter(({ type }) => type === 'tool_use').map(({ id }) => id)
  const results = content.filter(({ type }) => type === 'tool_result').map((block) => block.tool_use_id)
  const late = content.findIndex(({ type }, at) => type === 'tool_result' && at >= results.length)
  return [
    ...results
      .filter((id) => !calls.includes(id))
      .map((id) => `${place}: a result for ${id}, which was not called`),
    ...(new Set(results).size < results.length ? [`${place}: a call has two results`] : []),
    ...(late >= 0 ? [`${place}: results must come before all else`] : []),
    ...(calls.join() !== results.join() && calls.length === results.length
      ? [`${place}: results are not in the order of their calls`]
      : []),
  ]
}

function doubledIds(all: Message[]): string[] {
  const ids = all.flatMap(({ content }) =>
    content.filter(({ type }) => type === 'tool_use').map(({ id }) => id),
  )
  return ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `the id ${id} is used twice`)
}

/** With a thinking budget, the answers since the person last spoke must begin with thinking when they call tools. */
function unthoughtCalls(all: Message[]): string[] {
  const spoken = all.findLastIndex(
    ({ role, content }) => role === 'user' && !content.some(({ type }) => type === 'tool_result'),
  )
  return all.flatMap(({ role, content }, at) =>
    at > spoken &&
    role === 'assistant' &&
    content.some(({ type }) => type === 'tool_use') &&
    !content[0]!.type.endsWith('thinking')
      ? [`messages.${at}: a call without thinking before it`]
      : [],
  )
}

const hasText = (value: unknown) => typeof value === 'string' && value.trim() !== ''
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
