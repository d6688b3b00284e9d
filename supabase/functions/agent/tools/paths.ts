import { ToolError } from './tool.ts'

/** The one spelling of a path that the project knows. What else is wrong with it, the database says. */
export function normalisePath(path: string): string {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  if (parts.includes('..'))
    throw new ToolError('path_refused', `"${path}" leaves the project. Paths are relative to its root.`)
  if (parts.length === 0)
    throw new ToolError('path_refused', 'The path is empty. Name a file, as src/App.tsx.')
  return parts.join('/')
}

/** "" is the whole project. */
export function normaliseFolder(folder: string | undefined): string {
  return !folder || /^[./\\]*$/.test(folder) ? '' : `${normalisePath(folder)}/`
}
