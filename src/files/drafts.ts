/**
 * What a person typed into a file and has not saved. It is kept in memory for drawing and in the browser's storage for
 * everything else: a reload, a crash, a week. Nothing but saving or letting go removes a draft. Where the storage is
 * full or shut, the draft lives in memory and says so, and leaving the page asks first.
 */
export type Draft = {
  content: string
  /** What it grew from. 0 and null: there was no such file. */
  baseVersion: number
  baseHash: string | null
  /** A merge that was begun, with the version of the file that it takes in. */
  merged?: { version: number; content: string } | undefined
}

type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const DELAY = 250

export function createDrafts(storage: Keeper) {
  const drafts = new Map<string, Draft | null>()
  const unwritten = new Set<string>()
  const lost = new Set<string>()
  const listeners = new Set<() => void>()
  const lists = new Map<string, readonly string[]>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function get(key: string): Draft | null {
    const known = drafts.get(key)
    if (known !== undefined) return known
    const draft = parse(read(key))
    drafts.set(key, draft)
    return draft
  }

  function set(key: string, draft: Draft | null) {
    drafts.set(key, draft)
    unwritten.add(key)
    if (draft) timer ??= setTimeout(flush, DELAY)
    else flush()
    tell()
  }

  function flush() {
    clearTimeout(timer)
    timer = undefined
    for (const key of unwritten) write(key, drafts.get(key) ?? null)
    unwritten.clear()
  }

  function write(key: string, draft: Draft | null) {
    const wasLost = lost.delete(key)
    try {
      if (draft) storage.setItem(key, JSON.stringify(draft))
      else storage.removeItem(key)
    } catch {
      lost.add(key)
    }
    if (wasLost !== lost.has(key)) tell()
  }

  function read(key: string): string | null {
    try {
      return storage.getItem(key)
    } catch {
      return null
    }
  }

  /** Another window wrote, or a reload is about to read. */
  function forget(key: string) {
    if (unwritten.has(key)) return
    drafts.delete(key)
    tell()
  }

  function tell() {
    lists.clear()
    for (const listener of listeners) listener()
  }

  /** The paths that have a draft, of those that begin with the prefix; the same list until one changes. */
  function paths(prefix: string): readonly string[] {
    const known = lists.get(prefix)
    if (known) return known
    for (const key of keysOf(storage)) if (key.startsWith(prefix)) get(key)
    const found = [...drafts].filter(([key, draft]) => draft && key.startsWith(prefix))
    const list = found.map(([key]) => key.slice(prefix.length)).toSorted()
    lists.set(prefix, list)
    return list
  }

  return {
    get,
    set,
    flush,
    forget,
    paths,
    isOnlyInMemory: (key: string) => lost.has(key),
    hasLost: () => lost.size > 0,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function keysOf(storage: Keeper): string[] {
  try {
    return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
  } catch {
    return []
  }
}

function parse(text: string | null): Draft | null {
  try {
    const draft = JSON.parse(text ?? 'null') as Draft | null
    return typeof draft?.content === 'string' ? draft : null
  } catch {
    return null
  }
}
