import { applyEdits, type Edit } from './apply-edits.ts'
import { countLines } from './lines.ts'
import { noSuchFile } from './no-such-file.ts'
import { normalisePath } from './paths.ts'
import { changedSince, done, LIMIT_MS, type Tool } from './tool.ts'

type Input = { path: string; edits: Edit[] }

export const editFile: Tool<Input> = {
  name: 'edit_file',
  description: `Changes passages of a file that exists: each edit replaces the text "search" by the text "replace".

"search" must be found exactly as it stands in the file, with its spaces, indentation and line breaks, and only once; take in a neighbouring line to make it unique, or set "all" to replace every occurrence. Do not include the line numbers that read_file shows. The edits are applied in their order, each on the result of the one before, and all or none: if one does not fit, the file stays as it was and you are told which one, how often it was found, and what is near.

An empty "replace" deletes the passage.`,
  schema: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        minLength: 1,
        description: 'Relative to the root of the project, as src/App.tsx.',
      },
      edits: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: {
          type: 'object',
          properties: {
            search: { type: 'string', minLength: 1, description: 'The exact text to replace.' },
            replace: { type: 'string', description: 'What takes its place.' },
            all: { type: 'boolean', description: 'Replace every occurrence, not exactly one.' },
          },
          required: ['search', 'replace'],
          additionalProperties: false,
        },
      },
    },
    required: ['path', 'edits'],
    additionalProperties: false,
  },
  permission: 'write',
  limitMs: LIMIT_MS,
  paths: ({ path }) => [normalisePath(path)],
  async run(input, workspace) {
    const path = normalisePath(input.path)
    const file = await workspace.read(path)
    if (!file) throw await noSuchFile(path, workspace)
    const seen = workspace.versionSeen(path)
    if (seen !== undefined && seen !== file.version) throw changedSince(path)
    const { content, replaced } = applyEdits(path, file.content, input.edits)
    const passages = replaced === 1 ? '1 passage' : `${replaced} passages`
    return done(`Replaced ${passages} in ${path} (${countLines(content)} now).`, [
      { kind: 'write', path, content, base_version: file.version },
    ])
  },
}
