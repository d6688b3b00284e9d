import { seenName } from '../teams/seen-names.ts'

/** Whoever changed a file: a person by name, or an agent. */
export function whoDid({
  user_id,
  tool_call_id,
}: {
  user_id: string | null
  tool_call_id: string | null
}): string {
  if (user_id) return seenName(user_id) ?? 'Someone who left'
  return tool_call_id ? 'The agent' : 'Someone'
}
