export type Level = 'debug' | 'info' | 'warn' | 'error'
export type Fields = Record<string, unknown>

/** One JSON object a line: `{at, level, part, message, …fields}`. */
export type Log = Record<Level, (message: string, fields?: Fields) => void>

export function createLog(
  part: string,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Log {
  const at = (level: Level) => (message: string, fields?: Fields) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), level, part, message, ...plain(fields) })}\n`)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function plain(fields: Fields = {}): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? describeError(value) : value,
    ]),
  )
}

export function describeError(error: Error): Fields {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  }
}
