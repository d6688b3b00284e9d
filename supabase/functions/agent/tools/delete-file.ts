import { noSuchFile } from './no-such-file.ts'
import { normalisePath } from './paths.ts'
import { done, LIMIT_MS, type Tool } from './tool.ts'

type Input = { path: string }

export const deleteFile: Tool<Input> = {
  name: 'delete_file',
  description: `Deletes one file. People can bring it back from an earlier version of the project.

Imports of it are not removed: find them with search_files first.`,
  schema: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, description: 'The file to delete.' } },
    required: ['path'],
    additionalProperties: false,
  },
  permission: 'write',
  limitMs: LIMIT_MS,
  paths: ({ path }) => [normalisePath(path)],
  async run(input, workspace) {
    const path = normalisePath(input.path)
    const file = (await workspace.list()).find((entry) => entry.path === path)
    if (!file) throw await noSuchFile(path, workspace)
    const base_version = workspace.versionSeen(path) ?? file.version
    return done(`Deleted ${path}.`, [{ kind: 'delete', path, base_version }])
  },
}
