/** A history as a flat list of what happened, in order; each tool call carries its result. */
import {
  blocksOf,
  type Message,
  type ToolResultBlock,
  type ToolUseBlock,
  textOf,
} from '../protocol/messages.ts'
import { itemsOfSummary } from './summary.ts'

export type Call = {
  kind: 'call'
  id: string
  name: string
  input: Record<string, unknown>
  result: string
  failed: boolean
}
/** `midway` is what a person says while tools are at work: it comes with their results. */
export type Item = { kind: 'user'; text: string; midway: boolean } | { kind: 'said'; text: string } | Call

export function readConversation(messages: Message[]): Item[] {
  const results = new Map(messages.flatMap(resultsOf))
  let isMidway = false
  return messages.flatMap((message): Item[] => {
    const blocks = blocksOf(message.content)
    if (message.role !== 'user') {
      isMidway = false
      return blocks.flatMap((block): Item[] => {
        if (block.type === 'text') return [{ kind: 'said', text: block.text }]
        return block.type === 'tool_use' ? [callOf(block, results.get(block.id))] : []
      })
    }
    const answered = blocks.flatMap((block) => (block.type === 'tool_result' ? [block] : []))
    isMidway ||= answered.length > 0 && !answered.every(wasCancelled)
    return blocks.flatMap((block): Item[] => {
      if (block.type !== 'text') return []
      return itemsOfSummary(block.text) ?? [{ kind: 'user', text: block.text, midway: isMidway }]
    })
  })
}

const resultsOf = ({ content }: Message) =>
  blocksOf(content).flatMap((block): [string, ToolResultBlock][] =>
    block.type === 'tool_result' ? [[block.tool_use_id, block]] : [],
  )

const callOf = ({ id, name, input }: ToolUseBlock, result: ToolResultBlock | undefined): Call => ({
  kind: 'call',
  id,
  name,
  input,
  result: textOf(result?.content),
  failed: result?.is_error ?? false,
})

const wasCancelled = ({ content, is_error }: ToolResultBlock) =>
  Boolean(is_error) && /cancel|stopped/i.test(textOf(content))
