import { normaliseFolder } from './paths.ts'
import { done, type FileEntry, LIMIT_MS, type Tool } from './tool.ts'

type Input = { folder?: string }

const MOST_FILES = 500

export const listFiles: Tool<Input> = {
  name: 'list_files',
  description: `Lists the files of the project with their sizes, or those of one folder and the folders in it.

Use it to find your way in a project that you do not know yet. It shows paths only; read_file shows a file and search_files finds text.`,
  schema: {
    type: 'object',
    properties: {
      folder: {
        type: 'string',
        description: 'Only files below this folder, as src/components. Default: all.',
      },
    },
    additionalProperties: false,
  },
  permission: 'read',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run({ folder }, workspace) {
    const below = normaliseFolder(folder)
    const all = await workspace.list()
    const files = all.filter(({ path }) => path.startsWith(below))
    if (files.length === 0)
      return done(below ? `There are no files in ${below}` : 'The project has no files.')
    const rest = files.length - MOST_FILES
    const more = rest > 0 ? `\n(${rest} more; name a folder to see fewer.)` : ''
    return done(`${files.slice(0, MOST_FILES).map(line).join('\n')}${more}`)
  },
}

const line = ({ path, size }: FileEntry) => `${path} (${bytes(size)})`

function bytes(size: number): string {
  return size < 1_000 ? `${size} B` : `${(size / 1_000).toFixed(1)} kB`
}
