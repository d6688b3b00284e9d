/** What a subscriber is told of one change: assembled from JSON text of the database, column by column. */
import type { RowChange } from './log-stream.ts'

export type Evaluation = {
  columns: { name: string; type: string; key: boolean }[]
  new_json: string[]
  old_json: string[]
  /** Role → columns that it may read. */
  readable: Record<string, string[]>
  visible: boolean[]
}

const SMALL_FIELD_BYTES = 64

/** Errors that everybody of that role is told, whatever their filters. */
export function errorFor(role: string, change: RowChange, evaluation: Evaluation): string | null {
  if (change.action === 'DELETE') return null
  const keys = evaluation.columns.filter((column) => column.key)
  if (keys.length === 0) return 'Error 400: Bad Request, no primary key'
  const readable = new Set(evaluation.readable[role])
  return keys.every((column) => readable.has(column.name)) ? null : 'Error 401: Unauthorized'
}

export function errorPayload(change: RowChange, error: string): string {
  const { schema, table, action } = change
  const record = action === 'UPDATE' ? { record: {}, old_record: {} } : { record: {} }
  return JSON.stringify({
    schema,
    table,
    type: action,
    commit_timestamp: new Date(change.committedAt).toISOString(),
    columns: [],
    ...record,
    errors: [error],
  })
}

type View = { role: string; select: string[] | null; isProtected: boolean; maxBytes: number }

export function changePayload(change: RowChange, evaluation: Evaluation, view: View): string {
  const readable = new Set(evaluation.readable[view.role])
  const columns = evaluation.columns.filter((column) => {
    const isSelected = view.select === null || column.key || view.select.includes(column.name)
    return isSelected && readable.has(column.name)
  })
  const isTooLarge = change.bytes > view.maxBytes
  const keys = columns.filter((column) => column.key)
  const render = (row: { names: string[] }, json: string[], shown: { name: string }[]) =>
    renderRow(row.names, json, new Set(shown.map((column) => column.name)), isTooLarge)

  const parts = [
    `"schema":${JSON.stringify(change.schema)}`,
    `"table":${JSON.stringify(change.table)}`,
    `"type":"${change.action}"`,
    `"commit_timestamp":"${new Date(change.committedAt).toISOString()}"`,
    `"columns":${JSON.stringify(columns.map(({ name, type }) => ({ name, type })))}`,
  ]
  if (change.action !== 'DELETE')
    parts.push(`"record":${render(change.newRow, evaluation.new_json, columns)}`)
  if (change.action === 'UPDATE')
    parts.push(`"old_record":${render(change.oldRow, evaluation.old_json, columns)}`)
  // Rights to a row that is gone cannot be asked any more: with policies on the table, only its key is told.
  if (change.action === 'DELETE') {
    const shown = view.isProtected ? keys : columns
    parts.push(`"old_record":${render(change.oldRow, evaluation.old_json, shown)}`)
  }
  parts.push(`"errors":${isTooLarge ? '["Error 413: Payload Too Large"]' : 'null'}`)
  return `{${parts.join(',')}}`
}

function renderRow(names: string[], json: string[], shown: Set<string>, onlySmall: boolean): string {
  const fields = names.flatMap((name, index) => {
    const value = json[index] ?? 'null'
    if (!shown.has(name) || (onlySmall && Buffer.byteLength(value) > SMALL_FIELD_BYTES)) return []
    return [`${JSON.stringify(name)}:${value}`]
  })
  return `{${fields.join(',')}}`
}
