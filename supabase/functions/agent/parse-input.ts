import { isStorable } from './storable.ts'
import { ToolError } from './tools/tool.ts'

/** The input of a tool call from its streamed JSON. No JSON at all means no input. */
export function parseInput(json: string, name: string): unknown {
  if (json.trim() === '') return {}
  try {
    return JSON.parse(json, refuseUnstorable)
  } catch (error) {
    if (error instanceof ToolError) throw error
    throw new ToolError(
      'malformed_input',
      `The input of ${name} is not JSON (${(error as Error).message}), so nothing was done. If it was cut because the answer became too long, write less at once: one smaller file, or an edit.`,
    )
  }
}

function refuseUnstorable(key: string, value: unknown): unknown {
  if (isStorable(key) && (typeof value !== 'string' || isStorable(value))) return value
  throw new ToolError(
    'malformed_input',
    `"${key}" holds a NUL character or half of a surrogate pair, which cannot be stored as text. Nothing was done.`,
  )
}
