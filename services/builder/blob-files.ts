/**
 * Blobs on the disk, where a preview host beside this builder finds them once they have left the rows, without asking
 * Storage. A cache, nothing more: a disk that takes nothing costs nobody a build.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export type BlobFiles = { keep(path: string, content: string | Uint8Array): Promise<void> }

let number = 0

export function openBlobFiles(folder: string | null, report: (error: unknown) => void): BlobFiles {
  const made = new Set<string>()
  let fault: string | undefined

  const write = async (file: string, content: string | Uint8Array) => {
    if (!made.has(dirname(file))) {
      await mkdir(dirname(file), { recursive: true })
      made.add(dirname(file))
    }
    const unfinished = `${file}.${process.pid}-${++number}.part`
    try {
      await writeFile(unfinished, content)
      await rename(unfinished, file)
    } catch (error) {
      made.delete(dirname(file))
      await rm(unfinished, { force: true }).catch(() => {})
      throw error
    }
  }

  return {
    async keep(path, content) {
      if (folder === null) return
      try {
        await write(join(folder, path), content)
        fault = undefined
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? String(error)
        if (code !== fault) report(error)
        fault = code
      }
    },
  }
}
