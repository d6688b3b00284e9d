import { noSuchFile } from './no-such-file.ts'
import { normalisePath } from './paths.ts'
import { done, LIMIT_MS, type Tool, ToolError } from './tool.ts'

type Input = { from: string; to: string }

export const moveFile: Tool<Input> = {
  name: 'move_file',
  description: `Moves or renames one file. The new path must be free.

Imports are not changed: find them with search_files and edit them. To move a folder, move its files.`,
  schema: {
    type: 'object',
    properties: {
      from: { type: 'string', minLength: 1, description: 'The path as it is.' },
      to: { type: 'string', minLength: 1, description: 'The path as it shall be.' },
    },
    required: ['from', 'to'],
    additionalProperties: false,
  },
  permission: 'write',
  limitMs: LIMIT_MS,
  paths: ({ from, to }) => [normalisePath(from), normalisePath(to)],
  async run(input, workspace) {
    const [from, to] = [normalisePath(input.from), normalisePath(input.to)]
    if (from === to) throw new ToolError('path_refused', `${from} would stay where it is.`)
    const files = await workspace.list()
    const file = files.find(({ path }) => path === from)
    if (!file) throw await noSuchFile(from, workspace)
    if (files.some(({ path }) => path === to))
      throw new ToolError('path_refused', `${to} exists already. Delete it first, or choose another path.`)
    const base_version = workspace.versionSeen(from) ?? file.version
    return done(`Moved ${from} to ${to}.`, [{ kind: 'move', from, to, base_version }])
  },
}
