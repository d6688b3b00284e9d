import type { Entry } from '../../supabase/functions/_shared/protocol.ts'
import { readPartialInput } from '../files/partial-input.ts'

export type ToolTitle = { verb: string; object: string }

const VERBS: Record<string, string> = {
  write_file: 'write',
  edit_file: 'edit',
  read_file: 'read',
  delete_file: 'delete',
  move_file: 'move',
  list_files: 'list',
  search_files: 'search for',
  rename_app: 'rename the app to',
  set_plan: 'set the plan',
}

/** Enough of a long input to know what it is about. */
const BEGINNING = 600

/** "write src/App.tsx": from the input, or from what was typed of it so far. */
export function toolTitle({ tool_call, text }: Entry): ToolTitle {
  const name = tool_call?.name ?? 'tool'
  const typed = text ? readPartialInput(text.slice(0, BEGINNING)) : {}
  const input: Record<string, unknown> = { ...tool_call?.input, ...typed }
  return { verb: VERBS[name] ?? name.replaceAll('_', ' '), object: objectOf(name, input) }
}

function objectOf(name: string, input: Record<string, unknown>): string {
  const word = (key: string) => (typeof input[key] === 'string' ? input[key] : '')
  switch (name) {
    case 'move_file':
      return word('to') ? `${word('from')} → ${word('to')}` : word('from')
    case 'list_files':
      return word('folder') || 'all files'
    case 'search_files':
      return word('query') && `“${word('query')}”`
    case 'rename_app':
      return word('name') && `“${word('name')}”`
    case 'set_plan':
      return ''
    default:
      return word('path')
  }
}
