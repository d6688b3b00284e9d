import { compile } from './linear-pattern.ts'
import { linesOf } from './lines.ts'
import { normaliseFolder } from './paths.ts'
import { done, type FileContent, LIMIT_MS, type Tool, ToolError } from './tool.ts'

type Input = { query: string; regex?: boolean; folder?: string; case_sensitive?: boolean; context?: number }

const MOST_MATCHES = 100
const LONGEST_LINE = 300

export const searchFiles: Tool<Input> = {
  name: 'search_files',
  description: `Finds lines by their text in all files of the project, or in one folder.

The query is taken literally unless "regex" is true; upper and lower case are the same unless "case_sensitive" is true. A pattern is matched against one line at a time and may use . [ ] ( ) | ^ $ * + ? {n,m} \\d \\w \\s \\b and their opposites; groups are not captured, and look-around and back-references do not exist. At most ${MOST_MATCHES} matching lines are shown, as path:line: text.`,
  schema: {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 500, description: 'The text or pattern to find.' },
      regex: { type: 'boolean', description: 'The query is a pattern.' },
      folder: { type: 'string', description: 'Only files below this folder, as src/components.' },
      case_sensitive: { type: 'boolean', description: 'Upper and lower case differ.' },
      context: {
        type: 'integer',
        minimum: 0,
        maximum: 5,
        description: 'Lines to show before and after each.',
      },
    },
    required: ['query'],
    additionalProperties: false,
  },
  permission: 'read',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run(input, workspace) {
    const matches = matcher(input)
    const below = normaliseFolder(input.folder)
    const files = (await workspace.readAll()).filter(({ path }) => path.startsWith(below))
    const found = files.flatMap((file) => linesThatMatch(file, matches))
    if (found.length === 0) {
      const where = below
        ? `in ${below} (${files.length} files)`
        : `in the ${files.length} files of the project`
      return done(`No line ${where} matches ${input.regex ? 'the pattern' : 'the text'} ${input.query}`)
    }
    const shown = found.slice(0, MOST_MATCHES).map((match) => present(match, input.context ?? 0))
    const rest =
      found.length > MOST_MATCHES ? `\n(${found.length - MOST_MATCHES} more; narrow the query.)` : ''
    return done(`${shown.join(input.context ? '\n--\n' : '\n')}${rest}`)
  },
}

type Match = { path: string; lines: string[]; index: number }

function matcher({ query, regex = false, case_sensitive = false }: Input): (line: string) => boolean {
  if (regex) {
    try {
      return compile(query, { ignoreCase: !case_sensitive })
    } catch (error) {
      throw new ToolError('bad_pattern', `The pattern ${query} cannot be used: ${(error as Error).message}.`)
    }
  }
  if (case_sensitive) return (line) => line.includes(query)
  const wanted = query.toLowerCase()
  return (line) => line.toLowerCase().includes(wanted)
}

function linesThatMatch({ path, content }: FileContent, matches: (line: string) => boolean): Match[] {
  const lines = linesOf(content)
  return lines.flatMap((line, index) => (matches(line) ? [{ path, lines, index }] : []))
}

function present({ path, lines, index }: Match, context: number): string {
  const from = Math.max(0, index - context)
  return lines
    .slice(from, index + context + 1)
    .map((line, offset) => {
      const mark = from + offset === index ? ':' : '-'
      const text = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line
      return `${path}${mark}${from + offset + 1}${mark} ${text}`
    })
    .join('\n')
}
