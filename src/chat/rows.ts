/** The conversation as it is drawn, from its entries, in their order. Calls that stand together share a lane. */
import type { Entry } from '../../supabase/functions/_shared/protocol.ts'

export type Row =
  | {
      kind: 'message' | 'text' | 'thinking' | 'notice' | 'compaction' | 'question' | 'approval'
      key: string
      entry: Entry
    }
  | { kind: 'lane'; key: string; entries: Entry[] }

export function rowsOf(entries: readonly Entry[]): Row[] {
  const rows: Row[] = []
  for (const entry of entries) {
    if (!isShown(entry)) continue
    const last = rows.at(-1)
    if (entry.kind !== 'tool_use') rows.push({ kind: kindOf(entry.kind), key: entry.id, entry })
    else if (entry.tool_call?.name === 'ask_user') rows.push({ kind: 'question', key: entry.id, entry })
    else if (asksForApproval(entry)) rows.push({ kind: 'approval', key: entry.id, entry })
    else if (last?.kind === 'lane' && last.entries[0]?.turn === entry.turn) last.entries.push(entry)
    else rows.push({ kind: 'lane', key: entry.id, entries: [entry] })
  }
  return rows
}

/** While it is typed too, so that it stands where it will stay. */
function asksForApproval({ tool_call, text }: Entry): boolean {
  if (tool_call?.name !== 'set_plan') return false
  return tool_call.input.needs_approval === true || /^\s*{\s*"needs_approval"\s*:\s*true/.test(text)
}

/** What was closed without a visible character is nothing to see. */
function isShown({ kind, text, state }: Entry): boolean {
  return kind !== 'text' || state === 'open' || /\S/.test(text)
}

function kindOf(kind: Exclude<Entry['kind'], 'tool_use'>) {
  return kind === 'redacted_thinking' ? 'thinking' : kind
}

/** Where the row stands in which this entry is drawn, or the message of this id; -1 for none. */
export function rowWith(rows: readonly Row[], entryId: string): number {
  return rows.findLastIndex((row) =>
    row.kind === 'lane'
      ? row.entries.some(({ id }) => id === entryId)
      : row.entry.id === entryId || row.entry.data.message_id === entryId,
  )
}

/** Rows are made anew with every change; what they show mostly is not. */
export function isSameRow(one: Row, other: Row): boolean {
  if (one.kind === 'lane') {
    return (
      other.kind === 'lane' &&
      one.entries.length === other.entries.length &&
      one.entries.every((entry, at) => entry === other.entries[at])
    )
  }
  return other.kind === one.kind && one.entry === other.entry
}
