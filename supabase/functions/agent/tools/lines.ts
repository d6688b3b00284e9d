/** Lines as people and models count them: from 1, with a last line break that ends a line and begins none. */
export function linesOf(content: string): string[] {
  const lines = content.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** As `read_file` shows them: the number, a tab, the line. */
export function numbered(lines: string[], first: number): string {
  return lines.map((line, index) => `${first + index}\t${line}`).join('\n')
}

export function countLines(content: string): string {
  const count = linesOf(content).length
  return count === 1 ? '1 line' : `${count} lines`
}

export function lineAt(content: string, offset: number): number {
  let line = 1
  for (let at = content.indexOf('\n'); at !== -1 && at < offset; at = content.indexOf('\n', at + 1)) line++
  return line
}
