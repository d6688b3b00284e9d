/**
 * The library takes a string on its way into a JSON column or argument for JSON text, and its driver guesses the types
 * of other values. So everything for such a place is made JSON text beforehand: once for an argument, twice for a
 * column, where the library reads it once itself.
 */
export type Statement = {
  type: string
  schema?: string | undefined
  from?: string | undefined
  function?: string | undefined
  httpMethod?: string | undefined
  values?: unknown
  args?: unknown
}

export type JsonPlaces = {
  columnsOf(schema: string, table: string): ReadonlySet<string>
  argumentsOf(schema: string, name: string): ReadonlySet<string>
}

export function writeJsonValues<AnyStatement extends Statement>(
  statement: AnyStatement,
  places: JsonPlaces,
): AnyStatement {
  const { type, schema = 'public', from, function: name, httpMethod, values, args } = statement
  if (type === 'rpc' && name && httpMethod !== 'GET') {
    return { ...statement, args: encoded(args, places.argumentsOf(schema, name), 1) }
  }
  if (values === undefined || !from) return statement
  return { ...statement, values: encoded(values, places.columnsOf(schema, from), 2) }
}

function encoded(values: unknown, names: ReadonlySet<string>, times: 1 | 2): unknown {
  if (names.size === 0 || typeof values !== 'object' || values === null) return values
  if (Array.isArray(values)) return values.map((row) => encoded(row, names, times))
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, names.has(name) ? encode(value, times) : value]),
  )
}

function encode(value: unknown, times: 1 | 2): unknown {
  if (value === null || value === undefined) return value
  const text = JSON.stringify(value)
  return times === 1 ? text : JSON.stringify(text)
}
