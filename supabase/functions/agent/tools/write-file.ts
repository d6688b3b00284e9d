import { countLines } from './lines.ts'
import { normalisePath } from './paths.ts'
import { baseVersion, done, LIMIT_MS, type Tool } from './tool.ts'

type Input = { path: string; content: string }

export const writeFile: Tool<Input> = {
  name: 'write_file',
  description: `Creates a file, or replaces the whole content of one that exists.

Use it for new files and for files of which most changes; for a change in a place or two, edit_file is shorter and safer. Give the complete content: what you leave out is gone, and a comment such as "rest as before" would be written as it stands. People see the file grow while you write it. Folders come into being with their first file.

If somebody changed the file after you last read or wrote it, nothing is written and you are told so: read it again and make your change on top of theirs.`,
  schema: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        minLength: 1,
        description: 'Relative to the root of the project, as src/App.tsx.',
      },
      content: { type: 'string', description: 'The whole content of the file, as UTF-8 text.' },
    },
    required: ['path', 'content'],
    additionalProperties: false,
  },
  permission: 'write',
  limitMs: LIMIT_MS,
  paths: ({ path }) => [normalisePath(path)],
  async run(input, workspace) {
    const path = normalisePath(input.path)
    const base_version = await baseVersion(path, workspace)
    const verb = base_version === 0 ? 'Created' : 'Replaced'
    return done(`${verb} ${path} (${countLines(input.content)}).`, [
      { kind: 'write', path, content: input.content, base_version },
    ])
  },
}
