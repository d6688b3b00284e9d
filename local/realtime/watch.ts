/** One entry of `postgres_changes` in a join: which changes a channel wants to hear of. */
import { type Filter, MalformedFilter, parseFilters } from './filters.ts'
import type { RowChange } from './log-stream.ts'

export type Watch = {
  id: number
  event: '*' | RowChange['action']
  schema: string
  table: string
  filters: Filter[]
  select: string[] | null
}

/** In words for the subscriber; trying again would not help. */
export class MalformedWatch extends Error {
  override readonly name = 'MalformedWatch'
}

const ANY = '*'

/** The same for the same parameters, and never zero: the client takes zero for none. */
export function idOf(parameters: Record<string, unknown>): number {
  const text = JSON.stringify(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)))
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return ((hash >>> 0) % 134_217_727) + 1
}

export function parseWatch(parameters: Record<string, unknown>): Watch {
  const { event, schema, table, filter, select } = parameters
  const isText = (value: unknown) => value === undefined || value === null || typeof value === 'string'
  if (!isText(schema) || !isText(table) || !isText(filter) || (!schema && !table)) {
    throw new MalformedWatch(
      `No subscription params provided. Please provide at least a \`schema\` or \`table\` to subscribe to: ${JSON.stringify(parameters)}`,
    )
  }
  const watch = {
    id: idOf(parameters),
    event: parseEvent(event),
    schema: (schema as string | null | undefined) || 'public',
    table: (table as string | null | undefined) || ANY,
    filters: readFilters((filter as string | null | undefined) ?? ''),
    select: parseSelect(select),
  }
  if (watch.select && (watch.schema === ANY || watch.table === ANY)) {
    throw new MalformedWatch(
      'Column selection is not supported for wildcard subscriptions. Provide an explicit schema and table name.',
    )
  }
  return watch
}

function parseEvent(event: unknown): Watch['event'] {
  const name = typeof event === 'string' ? event.toUpperCase() : ANY
  return name === 'INSERT' || name === 'UPDATE' || name === 'DELETE' ? name : ANY
}

function readFilters(text: string): Filter[] {
  try {
    return parseFilters(text)
  } catch (error) {
    if (!(error instanceof MalformedFilter)) throw error
    throw new MalformedWatch(`Error parsing \`filter\` params: ${error.message}`)
  }
}

function parseSelect(select: unknown): string[] | null {
  if (select === undefined || select === null) return null
  if (!Array.isArray(select)) {
    throw new MalformedWatch(
      'Error parsing `select` params: expected a list of column name strings, e.g. select: ["col1", "col2"]',
    )
  }
  const columns = select.filter((column): column is string => typeof column === 'string')
  return columns.length > 0 ? columns : null
}

export function concerns(watch: Watch, change: Pick<RowChange, 'action' | 'schema' | 'table'>): boolean {
  const { event, schema, table } = watch
  if (event !== ANY && event !== change.action) return false
  return (schema === ANY || schema === change.schema) && (table === ANY || table === change.table)
}

export function describeWatch({ event, schema, table, filters, select }: Watch): string {
  const conditions = filters.map(({ column, operator, negated, values }) => {
    return `{${[column, operator, ...values, negated].map((part) => JSON.stringify(part)).join(', ')}}`
  })
  return `[event: ${event}, schema: ${schema}, table: ${table}, filters: [${conditions.join(', ')}], select: ${JSON.stringify(select)}]`
}
