/** The content of an answer from the events of its stream; null if it did not come to its end. */
import type { Block } from '../protocol/messages.ts'

type Open = Record<string, unknown> & { json?: string }

export function assembleStream(stream: string): Block[] | null {
  const blocks: Open[] = []
  let isOver = false
  for (const [, data] of stream.matchAll(/^data: ?(.+)$/gm)) {
    const event = JSON.parse(data!) as {
      type: string
      index: number
      content_block: Open
      delta: Record<string, string>
    }
    if (event.type === 'content_block_start') blocks[event.index] = { ...event.content_block }
    if (event.type === 'content_block_delta') append(blocks[event.index]!, event.delta)
    if (event.type === 'message_stop') isOver = true
  }
  return isOver ? blocks.map(closed) : null
}

function append(block: Open, delta: Record<string, string>): void {
  if (delta.type === 'input_json_delta') block.json = (block.json ?? '') + delta.partial_json
  for (const field of ['text', 'thinking', 'signature'])
    if (delta[field] !== undefined) block[field] = `${block[field] ?? ''}${delta[field]}`
}

function closed({ json, ...block }: Open): Block {
  return (block.type === 'tool_use' ? { ...block, input: parsed(json ?? '{}') } : block) as Block
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}
