/** Structured lines on the console, which every platform collects. `with` adds fields to all that follow. */
type Level = 'debug' | 'info' | 'warn' | 'error'
type Fields = Record<string, unknown>

export type Log = Record<Level, (message: string, fields?: Fields) => void> & { with(fields: Fields): Log }

export function createLog(shared: Fields = {}): Log {
  const at = (level: Level) => (message: string, fields?: Fields) =>
    console[level](JSON.stringify({ message, ...shared, ...fields }, describeErrors))
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLog({ ...shared, ...fields }),
  }
}

function describeErrors(_: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { ...value, name, message, stack, ...(cause === undefined ? {} : { cause }) }
}
