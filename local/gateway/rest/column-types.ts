/** How PostgREST reads and writes values that the library and its driver would otherwise turn into something else. */
type ColumnType = {
  to: number
  from: number[]
  serialize(value: unknown): unknown
  parse(text: string): unknown
}

const type = (
  oid: number,
  parse: (text: string) => unknown,
  serialize: (value: unknown) => unknown = (value) => value,
): ColumnType => ({ to: oid, from: [oid], serialize, parse })

/** The library hands over most JSON as text already; see json-values.ts. */
const jsonText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

export const COLUMN_TYPES = {
  json: type(114, JSON.parse, jsonText),
  jsonb: type(3802, JSON.parse, jsonText),
  numeric: type(1700, (text) => (Number.isFinite(Number(text)) ? Number(text) : text)),
  bytea: type(17, (text) => text),
  timestamp: type(1114, isoTimestamp),
  timestamptz: type(1184, isoTimestamp),
}

/** `2026-11-21 10:00:00.5+00` becomes `2026-11-21T10:00:00.5+00:00`, as `to_json` has it. */
export function isoTimestamp(text: string): string {
  const parts = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)?(:\d\d)?( BC)?$/.exec(text)
  if (!parts) return text
  const [, date, time, hours = '', minutes = hours === '' ? '' : ':00', era = ''] = parts
  return `${date}T${time}${hours}${minutes}${era}`
}
