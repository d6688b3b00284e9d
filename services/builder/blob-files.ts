/** Blobs on the disk, where a preview host beside this builder finds them before Storage has them. A cache, nothing more. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export type BlobFiles = { keep(path: string, content: string | Uint8Array): Promise<void> }

let number = 0

export function openBlobFiles(folder: string | null): BlobFiles {
  const made = new Set<string>()
  return {
    async keep(path, content) {
      if (folder === null) return
      const file = join(folder, path)
      if (!made.has(dirname(file))) {
        await mkdir(dirname(file), { recursive: true })
        made.add(dirname(file))
      }
      const unfinished = `${file}.${process.pid}-${++number}`
      await writeFile(unfinished, content)
      await rename(unfinished, file)
    },
  }
}
