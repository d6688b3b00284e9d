import type { ImportedFile } from '../../supabase/functions/_shared/protocol.ts'
import type { ZipFile } from './read-zip.ts'

/** As much as one request carries well. */
const MOST_FILES = 500
const MOST_BYTES = 4_000_000

export function inParts(files: readonly ZipFile[]): ImportedFile[][] {
  const parts: ImportedFile[][] = []
  let room = 0
  for (const { path, content } of files) {
    const size = new TextEncoder().encode(content).length
    const last = parts.at(-1)
    if (last && last.length < MOST_FILES && size <= room) last.push({ path, content })
    else {
      parts.push([{ path, content }])
      room = MOST_BYTES
    }
    room -= size
  }
  return parts
}
