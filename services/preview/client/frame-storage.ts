/**
 * A browser that keeps third parties from storing anything (as private windows do) refuses `localStorage` to a framed page
 * with an exception, over which most apps fall. There they get a store that lasts as long as the frame: it is kept in the
 * frame's name, the one thing that survives a load of the page and that nobody else can read. It is written with each
 * change, since a name that is set after `location.reload()` is not kept.
 */
const LARGEST = 2_000_000

type Kept = { local: Record<string, string>; session: Record<string, string> }

export function lendStorage(): void {
  const isDenied = { local: !works('localStorage'), session: !works('sessionStorage') }
  if (!isDenied.local && !isDenied.session) return
  const kept = readName()
  const keep = () => {
    const name = JSON.stringify({ batonStorage: kept })
    if (name.length <= LARGEST) window.name = name
  }
  if (isDenied.local) lend('localStorage', storageOver(kept.local, keep))
  if (isDenied.session) lend('sessionStorage', storageOver(kept.session, keep))
}

function works(name: 'localStorage' | 'sessionStorage'): boolean {
  try {
    return window[name] !== null
  } catch {
    return false
  }
}

function readName(): Kept {
  try {
    const { batonStorage } = JSON.parse(window.name) as { batonStorage?: Kept }
    return { local: { ...batonStorage?.local }, session: { ...batonStorage?.session } }
  } catch {
    return { local: {}, session: {} }
  }
}

function lend(name: 'localStorage' | 'sessionStorage', value: Storage): void {
  Object.defineProperty(window, name, { configurable: true, enumerable: true, get: () => value })
}

export function storageOver(items: Record<string, string>, changed: () => void): Storage {
  const own = {
    getItem: (key: string) => (Object.hasOwn(items, key) ? (items[key] ?? null) : null),
    setItem(key: string, value: string) {
      const sized = { ...items, [String(key)]: String(value) }
      if (JSON.stringify(sized).length > LARGEST / 2) {
        throw new DOMException('There is no more room in this store.', 'QuotaExceededError')
      }
      items[String(key)] = String(value)
      changed()
    },
    removeItem(key: string) {
      delete items[key]
      changed()
    },
    clear() {
      for (const key of Object.keys(items)) delete items[key]
      changed()
    },
    key: (index: number) => Object.keys(items)[index] ?? null,
    get length() {
      return Object.keys(items).length
    },
  }
  return new Proxy(own as unknown as Storage, {
    get: (target, key) =>
      key in target ? Reflect.get(target, key) : (own.getItem(String(key)) ?? undefined),
    set(_target, key, value: unknown) {
      own.setItem(String(key), String(value))
      return true
    },
    has: (target, key) => key in target || Object.hasOwn(items, key),
    deleteProperty(_target, key) {
      own.removeItem(String(key))
      return true
    },
    ownKeys: () => Object.keys(items),
    getOwnPropertyDescriptor: (_target, key) =>
      Object.hasOwn(items, key)
        ? { value: items[String(key)], configurable: true, enumerable: true, writable: true }
        : undefined,
  })
}
