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

  const fromDisk = async (path: string, hash: string) => {
    try {
      const bytes = await disk?.read(path)
      return bytes && (await hashOf(bytes)) === hash ? bytes : null
    } catch (error) {
      report('the cache on disk could not be read', error)
      return null
    }
  }

  const fromStore = async (path: string, hash: string) => {
    const bytes = await store.read(path)
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

  const stored = async (path: string, hash: string): Promise<Bytes | null> => {
    const kept = await fromDisk(path, hash)
    if (kept) return kept
    const bytes = await fromStore(path, hash)
    if (bytes) keep(path, bytes)
    return bytes
  }

  /** Rows or Storage have a blob at any time; which of them, may change between two questions. */
  const load = async (hash: string, fresh: Record<string, string>): Promise<Bytes | null> => {
    const text = fresh[hash]
    if (text !== undefined) return new TextEncoder().encode(text)
    return (await stored(`blobs/${hash}`, hash)) ?? (await fromRows(hash))
  }

  const fromRows = async (hash: string) => {
    const text = (await rows.freshBlobs([hash]))[hash]
    return text === undefined ? null : new TextEncoder().encode(text)
  }

  return {
    async read({ hash }, fresh = {}) {
      const bytes = await once(hash, () => load(hash, fresh))
      if (!bytes) throw new Unavailable(`The blob ${hash} is not in Storage.`)
      return bytes
    },
    vendor: (hash) => once(hash, () => stored(`vendor/${hash}.js`, hash)),
  }
}

export async function hashOf(bytes: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
