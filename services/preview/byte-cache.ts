/** What was used last stays, up to so many bytes. */
export function createByteCache(limit: number) {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>()
  let size = 0

  const remove = (key: string) => {
    size -= entries.get(key)?.length ?? 0
    entries.delete(key)
  }

  return {
    get(key: string): Uint8Array<ArrayBuffer> | undefined {
      const bytes = entries.get(key)
      if (!bytes) return undefined
      entries.delete(key)
      entries.set(key, bytes)
      return bytes
    },
    set(key: string, bytes: Uint8Array<ArrayBuffer>): void {
      remove(key)
      entries.set(key, bytes)
      size += bytes.length
      for (const oldest of entries.keys()) {
        if (size <= limit) return
        remove(oldest)
      }
    },
    size: (): number => size,
  }
}
