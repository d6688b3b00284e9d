import { ToolError, type Workspace } from './tool.ts'

/** Names the files that may have been meant: those of the same name, or in the same folder. */
export async function noSuchFile(path: string, workspace: Workspace): Promise<ToolError> {
  const files = (await workspace.list()).map((file) => file.path)
  const name = fileName(path)
  const near = [
    ...files.filter((file) => fileName(file) === name),
    ...files.filter((file) => folderOf(file) === folderOf(path) && fileName(file) !== name),
  ].slice(0, 8)
  const hint = near.length > 0 ? ` There are: ${near.join(', ')}.` : ' list_files shows what there is.'
  return new ToolError('no_such_file', `There is no file ${path}.${hint}`)
}

const fileName = (path: string) => path.slice(path.lastIndexOf('/') + 1).toLowerCase()
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
