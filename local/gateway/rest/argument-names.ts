/**
 * The library writes the names of a function's arguments as they come, so one that is a word of SQL, such as `from`, is a
 * syntax error. PostgREST quotes them all. Only a statement with parameters has arguments: none of its text is a value.
 */
export function quoteArgumentNames(statement: string, parameters: readonly unknown[]): string {
  if (parameters.length === 0) return statement
  return statement.replace(/(?<=[(,] ?(?:VARIADIC )?)([a-z_][a-z0-9_]*)(?= := \$\d)/g, '"$1"')
}
