/**
 * The bytes of files, by their hash: from memory, from rows that are not in Storage yet, from disk, from Storage. Each is
 * verified when it is read, so that neither a torn file nor a wrong object is ever served; what does not match is taken
 * from the next place. Who asks for what is being read already waits for the same read.
 */
import { createByteCache } from './byte-cache.ts'
import { type Disk, type Rows, type Store, type StoredFile, Unavailable } from './source.ts'

export type Bytes = Uint8Array<ArrayBuffer>
export type Blobs = {
  read(file: StoredFile, fresh?: Record<string, string>): Promise<Bytes>
  /** A vendor module: one for all projects, named by its hash. */
  vendor(hash: string): Promise<Bytes | null>
}

type Sources = {
  rows: Pick<Rows, 'freshBlobs'>
  store: Store
  disk?: Disk | undefined
  memoryBytes?: number
  report(problem: string, error: unknown): void
}

/** Larger ones are read from disk each time. */
const LARGEST_IN_MEMORY = 8 * 1024 * 1024

export function createBlobs({ rows, store, disk, memoryBytes = 96 * 1024 * 1024, report }: Sources): Blobs {
  const memory = createByteCache(memoryBytes)
  const underWay = new Map<string, Promise<Bytes | null>>()

  const once = (hash: string, load: () => Promise<Bytes | null>): Promise<Bytes | null> => {
    const known = memory.get(hash)
    if (known) return Promise.resolve(known)
    const loading =
      underWay.get(hash) ??
      load()
        .then((bytes) => {
          if (bytes && bytes.length <= LARGEST_IN_MEMORY) memory.set(hash, bytes)
          return bytes
        })
        .finally(() => underWay.delete(hash))
    underWay.set(hash, loading)
    return loading
  }

  const fromDisk = async (path: string, hash: string, range?: { at: number; size: number }) => {
    try {
      const bytes = await disk?.read(path, range)
      return bytes && (await hashOf(bytes)) === hash ? bytes : null
    } catch (error) {
      report('the cache on disk could not be read', error)
      return null
    }
  }

  const fromStore = async (path: string, hash: string, range?: { at: number; size: number }) => {
    const bytes = await store.read(path, range)
    if (!bytes) return null
    if ((await hashOf(bytes)) === hash) return bytes
    report('an object in Storage is not what its name says', new Error(path))
    return null
  }

  const keep = (path: string, bytes: Bytes) => {
    disk
      ?.write(path, bytes)
      .catch((error: unknown) => report('the cache on disk could not be written', error))
  }

  const load = async (file: StoredFile, fresh: Record<string, string>): Promise<Bytes | null> => {
    if (file.pack !== undefined) return loadFromPack(file, file.pack)
    const text = fresh[file.hash]
    if (text !== undefined) return new TextEncoder().encode(text)
    const path = `blobs/${file.hash}`
    const kept = await fromDisk(path, file.hash)
    if (kept) return kept
    const stored = await fromStore(path, file.hash)
    if (stored) keep(path, stored)
    return stored ?? (await fromRows(file.hash))
  }

  const loadFromPack = async (file: StoredFile, pack: string) => {
    const range = { at: file.at ?? 0, size: file.size }
    return (
      (await fromDisk(`blobs/${pack}`, file.hash, range)) ??
      (await fromStore(`blobs/${pack}`, file.hash, range))
    )
  }

  /** Uploaded to Storage just after it was asked for there, or not yet: rows have one or the other at any time. */
  const fromRows = async (hash: string) => {
    const text = (await rows.freshBlobs([hash]))[hash]
    return text === undefined ? null : new TextEncoder().encode(text)
  }

  return {
    async read(file, fresh = {}) {
      const bytes = await once(file.hash, () => load(file, fresh))
      if (!bytes) throw new Unavailable(`The blob ${file.hash} is not in Storage.`)
      return bytes
    },
    vendor(hash) {
      return once(hash, async () => {
        const path = `vendor/${hash}.js`
        const kept = await fromDisk(path, hash)
        if (kept) return kept
        const stored = await fromStore(path, hash)
        if (stored) keep(path, stored)
        return stored
      })
    },
  }
}

export async function hashOf(bytes: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
