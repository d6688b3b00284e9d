/** What a project may be at most, whoever let it in. */
import { faultAt, ProjectFault } from '../faults.ts'

export const MOST_FILES = 4_000
export const LARGEST_FILE = 2 * 1024 * 1024
export const LARGEST_PROJECT = 64 * 1024 * 1024

export function requireBounds(files: ReadonlyMap<string, string>): void {
  if (files.size > MOST_FILES) {
    throw tooLarge(
      null,
      `The project has ${files.size} files, and ${MOST_FILES} are the most that can be built.`,
    )
  }
  let total = 0
  for (const [path, { length }] of files) {
    if (length > LARGEST_FILE) {
      throw tooLarge(path, `${path} is too large to be built: a file may have 2 MB.`)
    }
    total += length
  }
  if (total > LARGEST_PROJECT)
    throw tooLarge(null, 'The files of the project are too large together to be built.')
}

const tooLarge = (path: string | null, message: string) =>
  new ProjectFault([faultAt(path, null, null, message)], 'too_large')
