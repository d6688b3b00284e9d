/**
 * A folder that remembers what was read from Storage, laid out like the bucket. Files come into place by a rename, whole
 * or not at all; the builder, on the same machine, may have put them there before they are asked for. Whoever reads
 * verifies, and anybody may empty the folder at any time.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Disk } from '../source.ts'

const NAMES = /^(blobs\/[0-9a-f]{64}|vendor\/[0-9a-f]{64}\.js)$/

export type DiskCache = Disk & { trim(): Promise<void> }

export function openDiskCache(folder: string, limitBytes = 1024 * 1024 * 1024): DiskCache {
  const placeOf = (path: string) => {
    if (!NAMES.test(path)) throw new Error(`${path} is no name of a blob.`)
    return join(folder, path)
  }
  return {
    async read(path) {
      try {
        return new Uint8Array(await readFile(placeOf(path)))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async write(path, bytes) {
      const place = placeOf(path)
      const unfinished = `${place}.${randomUUID()}.part`
      await mkdir(dirname(place), { recursive: true })
      try {
        await writeFile(unfinished, bytes)
        await rename(unfinished, place)
      } finally {
        await rm(unfinished, { force: true })
      }
    },
    trim: () => trim(folder, limitBytes),
  }
}

/** Oldest first, down to nine tenths; and what a killed process left half written. */
async function trim(folder: string, limitBytes: number): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => null)
      return found?.isFile() ? [{ name, size: found.size, at: found.mtimeMs }] : []
    }),
  )
  const all = files.flat().sort((one, other) => one.at - other.at)
  const isLeftover = ({ name, at }: { name: string; at: number }) =>
    name.endsWith('.part') && Date.now() - at > 3_600_000
  let size = all.reduce((sum, file) => sum + file.size, 0)
  const limit = size > limitBytes ? limitBytes * 0.9 : size
  for (const file of all) {
    if (size <= limit && !isLeftover(file)) continue
    await rm(join(folder, file.name), { force: true })
    size -= file.size
  }
}
