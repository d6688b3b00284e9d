/** The messages of pgoutput as rows of text: nothing is parsed on the way, so nothing is rounded. */
import type { Pgoutput } from 'pg-logical-replication'
import { PgoutputPlugin } from 'pg-logical-replication'

export type Row = { names: string[]; values: (string | null)[] }
export type RowChange = {
  relation: number
  schema: string
  table: string
  action: 'INSERT' | 'UPDATE' | 'DELETE'
  transaction: number
  newRow: Row
  oldRow: Row
  committedAt: number
  bytes: number
}

type Tuple = Record<string, string | null | undefined>

/** Leaves every value as the text that the server sent. */
export class TextPlugin extends PgoutputPlugin {
  override parse(buffer: Buffer): Pgoutput.Message {
    const message = super.parse(buffer)
    if (message.tag === 'relation') for (const column of message.columns) column.parser = (raw) => raw
    return message
  }
}

type RowMessage = Pgoutput.MessageInsert | Pgoutput.MessageUpdate | Pgoutput.MessageDelete

export function toRowChange(message: RowMessage, commit: { transaction: number; at: number }): RowChange {
  const { relation } = message
  const newRow = message.tag === 'delete' ? { names: [], values: [] } : toRow(message.new)
  const oldRow = toRow(identityOf(message))
  return {
    relation: relation.relationOid >>> 0,
    schema: relation.schema,
    table: relation.name,
    action: ({ insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const)[message.tag],
    newRow,
    oldRow,
    transaction: commit.transaction,
    committedAt: commit.at,
    bytes: sizeOf(newRow) + sizeOf(oldRow),
  }
}

/** The old row as far as the replica identity goes; an unchanged key travels in the new row only. */
function identityOf(message: RowMessage): Tuple {
  if (message.tag === 'insert') return {}
  const old = message.old ?? message.key
  if (old || message.tag === 'delete') return old ?? {}
  return Object.fromEntries(message.relation.keyColumns.map((name) => [name, message.new[name]]))
}

/** A large value that did not change is not in the log; such a column is left out. */
function toRow(tuple: Tuple): Row {
  const present = Object.entries(tuple).filter((entry): entry is [string, string | null] => {
    return entry[1] !== undefined
  })
  return { names: present.map(([name]) => name), values: present.map(([, value]) => value) }
}

const sizeOf = (row: Row) => row.values.reduce((size, value) => size + (value?.length ?? 0), 0)
