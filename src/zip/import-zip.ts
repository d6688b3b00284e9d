import { rpc } from '../rpc.ts'
import type { ZipFile } from './read-zip.ts'

/** As much as one request carries. */
const MOST_CHARACTERS = 6_000_000

/** Brings files into a project, in as few requests as they fit into. */
export async function importFiles(
  projectId: string,
  files: readonly ZipFile[],
  replace: boolean,
): Promise<void> {
  for (const [index, part] of inParts(files).entries()) {
    await rpc('import_files', { project_id: projectId, files: part, replace: replace && index === 0 })
  }
}

export function inParts(files: readonly ZipFile[]): ZipFile[][] {
  const parts: ZipFile[][] = [[]]
  let room = MOST_CHARACTERS
  for (const { path, content } of files) {
    if (content.length > room && parts.at(-1)?.length) {
      parts.push([])
      room = MOST_CHARACTERS
    }
    parts.at(-1)?.push({ path, content })
    room -= content.length
  }
  return parts
}
