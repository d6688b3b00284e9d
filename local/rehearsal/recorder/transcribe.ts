/** Writes a conversation down as a script, and the code that was written in it as files. */
import { isFromBaton } from '../conversation/summary.ts'
import { type Block, blocksOf, type Message, type ToolUseBlock } from '../protocol/messages.ts'
import type { Edit } from '../script/script.ts'

export type Transcript = { script: string; files: Map<string, string> }

export function transcribe(messages: Message[]): Transcript {
  const files = new Map<string, string>()
  const failed = new Set(messages.flatMap(({ content }) => blocksOf(content).flatMap(failedCall)))
  const lines = messages.flatMap((message) => {
    if (message.role === 'user') return requestsIn(message).flatMap((text) => ['', `@person ${text}`])
    const parts = blocksOf(message.content).flatMap((block) => linesOf(block, failed, files))
    return parts.length > 0 ? ['@answer', ...parts] : []
  })
  const app = files.size > 0 ? [`@app ${nameOf(messages)}`] : []
  return { script: `${[...app, ...lines].join('\n').trim()}\n`, files }
}

const failedCall = (block: Block) =>
  block.type === 'tool_result' && block.is_error ? [block.tool_use_id] : []

const requestsIn = ({ content }: Message) =>
  blocksOf(content).flatMap((block) =>
    block.type === 'text' && !isFromBaton(block.text) ? [block.text.replace(/\s+/g, ' ').trim()] : [],
  )

function nameOf(messages: Message[]): string {
  const named = messages
    .flatMap(({ content }) => blocksOf(content))
    .find((block) => block.type === 'tool_use' && block.name === 'rename_app')
  return named?.type === 'tool_use' ? String(named.input.name) : 'Recorded app'
}

function linesOf(block: Block, failed: Set<string>, files: Map<string, string>): string[] {
  if (block.type === 'thinking') return ['@think', escaped(block.thinking)]
  if (block.type === 'text') return ['@say', escaped(block.text)]
  if (block.type !== 'tool_use') return []
  // A change that was refused came to nothing; when it is rehearsed, it is fitted to the file anew.
  const isChange = block.name === 'write_file' || block.name === 'edit_file'
  return isChange && failed.has(block.id) ? [] : linesOfCall(block, files)
}

function linesOfCall({ name, input }: ToolUseBlock, files: Map<string, string>): string[] {
  const keys = Object.keys(input).join()
  const path = String(input.path)
  if (name === 'write_file' && keys === 'path,content') return [written(path, String(input.content), files)]
  if (name === 'edit_file' && isPlain(input.edits)) return [`@edit ${path}`, ...input.edits.flatMap(passage)]
  if (name === 'read_file' && keys === 'path') return [`@read ${path}`]
  if (name === 'delete_file' && keys === 'path') return [`@delete ${path}`]
  if (name === 'rename_app' && keys === 'name') return [`@rename ${String(input.name)}`]
  return [`@call ${name}`, JSON.stringify(input, null, 2)]
}

/** The first version of a file has its own path below `files/`, a later one a folder of its own. */
function written(path: string, content: string, files: Map<string, string>): string {
  let place = path
  for (let version = 2; files.has(place) && files.get(place) !== content; version++)
    place = `later/${version}/${path}`
  files.set(place, content)
  return place === path ? `@write ${path}` : `@write ${path} from ${place}`
}

const MARK = /^(<<<|===|>>>)$/m

function isPlain(edits: unknown): edits is Edit[] {
  return (
    Array.isArray(edits) &&
    edits.every(
      (edit: Edit) => Object.keys(edit).length === 2 && !MARK.test(edit.search) && !MARK.test(edit.replace),
    )
  )
}

const passage = ({ search, replace }: Edit) => [
  '<<<',
  search,
  '===',
  ...(replace === '' ? [] : [replace]),
  '>>>',
]

const escaped = (text: string) => text.trim().replace(/^@/gm, '\\@')
