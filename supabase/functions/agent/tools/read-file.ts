import { countLines, linesOf, numbered } from './lines.ts'
import { noSuchFile } from './no-such-file.ts'
import { normalisePath } from './paths.ts'
import { done, LIMIT_MS, type Tool, ToolError } from './tool.ts'

type Input = { path: string; from_line?: number; to_line?: number }

const MOST_CHARACTERS = 60_000

export const readFile: Tool<Input> = {
  name: 'read_file',
  description: `Shows a file, each line with its number and a tab before it; neither belongs to the file.

Without a range it begins at the first line. At most ${MOST_CHARACTERS.toLocaleString('en')} characters are shown at once; if there is more, the answer says where to go on. Read a file before you edit it, unless you wrote it yourself in this conversation and nobody changed it since.`,
  schema: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        minLength: 1,
        description: 'Relative to the root of the project, as src/App.tsx.',
      },
      from_line: { type: 'integer', minimum: 1, description: 'The first line to show.' },
      to_line: { type: 'integer', minimum: 1, description: 'The last line to show.' },
    },
    required: ['path'],
    additionalProperties: false,
  },
  permission: 'read',
  limitMs: LIMIT_MS,
  paths: ({ path }) => [normalisePath(path)],
  async run(input, workspace) {
    const path = normalisePath(input.path)
    const file = await workspace.read(path)
    if (!file) throw await noSuchFile(path, workspace)
    const shown = excerpt(path, file.content, input)
    workspace.saw(path, file.version)
    return done(shown)
  },
}

export function excerpt(path: string, content: string, range: Omit<Input, 'path'>): string {
  const lines = linesOf(content)
  if (lines.length === 0) return `${path} is empty.`
  const from = range.from_line ?? 1
  const to = Math.min(range.to_line ?? lines.length, lines.length)
  if (from > lines.length)
    throw new ToolError('no_such_line', `${path} has ${countLines(content)}; there is no line ${from}.`)
  if (to < from) throw new ToolError('no_such_line', `to_line (${to}) comes before from_line (${from}).`)
  const chosen = fitting(lines.slice(from - 1, to))
  const last = from + chosen.length - 1
  const header = `${path}, ${from === 1 && last === lines.length ? countLines(content) : `lines ${from}–${last} of ${lines.length}`}:`
  const rest = last < to ? `\n(More follows; go on with from_line ${last + 1}.)` : ''
  return `${header}\n${numbered(chosen, from)}${rest}`
}

/** As many lines as fit, and at least the beginning of one. */
function fitting(lines: string[]): string[] {
  let left = MOST_CHARACTERS
  const count = lines.findIndex((line) => {
    left -= line.length + 8
    return left < 0
  })
  if (count === 0)
    return [`${lines[0]!.slice(0, MOST_CHARACTERS)}… (the line goes on; it is too long to show)`]
  return count === -1 ? lines : lines.slice(0, count)
}
