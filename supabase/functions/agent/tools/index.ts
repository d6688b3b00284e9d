/** The tools that the model is given, in an order that never changes by itself: their bytes begin every request. */
import { createHash } from 'node:crypto'
import { addDependency } from './add-dependency.ts'
import { askUser } from './ask-user.ts'
import { checkInput } from './check-input.ts'
import { deleteFile } from './delete-file.ts'
import { editFile } from './edit-file.ts'
import { escalate } from './escalate.ts'
import { listFiles } from './list-files.ts'
import { moveFile } from './move-file.ts'
import { previewOutline } from './preview-outline.ts'
import { readFile } from './read-file.ts'
import { readPreviewErrors } from './read-preview-errors.ts'
import { renameApp } from './rename-app.ts'
import { searchFiles } from './search-files.ts'
import { setPlan } from './set-plan.ts'
import { type Tool, ToolError } from './tool.ts'
import { writeFile } from './write-file.ts'

export const TOOLS: readonly Tool[] = [
  writeFile,
  editFile,
  readFile,
  listFiles,
  searchFiles,
  moveFile,
  deleteFile,
  renameApp,
  askUser,
  setPlan,
  escalate,
  addDependency,
  readPreviewErrors,
  previewOutline,
]

export const TOOL_DEFINITIONS = TOOLS.map(({ name, description, schema }) => ({
  name,
  description,
  input_schema: schema,
}))

export const TOOLS_VERSION = createHash('sha256')
  .update(JSON.stringify(TOOL_DEFINITIONS))
  .digest('hex')
  .slice(0, 12)

export type Readied = { tool: Tool; input: never; paths: string[] }

/** The call as it can be run, or a ToolError that says what to do instead. */
export function readyCall(name: string, input: unknown): Readied {
  const tool = TOOLS.find((candidate) => candidate.name === name)
  if (!tool) {
    const names = TOOLS.map((candidate) => candidate.name).join(', ')
    throw new ToolError('unknown_tool', `There is no tool "${name}". The tools are: ${names}.`)
  }
  const complaints = checkInput(tool.schema, input)
  if (complaints.length > 0) {
    const list = complaints.slice(0, 8).join('; ')
    throw new ToolError(
      'invalid_input',
      `The input of ${name} is not valid: ${list}. Nothing was done; call it again.`,
    )
  }
  return { tool, input: input as never, paths: tool.paths(input as never) }
}
