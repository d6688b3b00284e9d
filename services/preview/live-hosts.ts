/**
 * Which deployment a host name shows, remembered.
 *
 * An entry is read when somebody asks for it, and is good until a notification names its host. While notifications do not
 * arrive, it is good for a second. A read that was under way when the notification came may have seen the row of before,
 * so it is followed by another: `wanted` counts notifications, `known` says how many of them the value has seen.
 *
 *   known = wanted   good: answered from memory
 *   known < wanted   stale: whoever asks waits for one read, which all who ask share
 *
 * When a read fails and there is a value, the value is shown on: an app does not go away with the database.
 * Only entries that somebody watches are read again unasked, so an idle app costs a few bytes, and those are bounded.
 */
import type { LiveDeployment } from '../../supabase/functions/_shared/protocol.ts'
import { slugOf } from './address.ts'
import type { HostChange, HostKind, Rows } from './source.ts'

const LONGEST_MS = 60_000
const UNNAMED_MS = 5_000
const DEAF_MS = 1_000
const ENTRIES = 500
const IDLE_MS = 5 * 60_000

type Watcher = (live: LiveDeployment | null) => void
type Entry = {
  kind: HostKind
  label: string
  value: LiveDeployment | null | undefined
  known: number
  wanted: number
  readAt: number
  askedAt: number
  reading: Promise<void> | null
  watchers: Set<Watcher>
}

export type LiveHosts = ReturnType<typeof createLiveHosts>

export function createLiveHosts(rows: Rows, report: (problem: string, error: unknown) => void) {
  const entries = new Map<string, Entry>()
  let isHearing = false

  const entryOf = (kind: HostKind, label: string): Entry => {
    const key = `${kind} ${label}`
    const entry = entries.get(key) ?? {
      kind,
      label,
      value: undefined,
      known: 0,
      wanted: 1,
      readAt: 0,
      askedAt: 0,
      reading: null,
      watchers: new Set<Watcher>(),
    }
    entries.delete(key)
    entries.set(key, entry)
    forgetOldest()
    return entry
  }

  const forgetOldest = () => {
    if (entries.size <= ENTRIES) return
    for (const [key, entry] of entries) {
      if (entry.watchers.size === 0 && !entry.reading) return void entries.delete(key)
    }
  }

  /** Nobody is notified of a domain that was verified or taken away, nor of an app that comes into being. */
  const lifeOf = (entry: Entry) => {
    if (!isHearing) return DEAF_MS
    return entry.kind === 'domain' || !entry.value ? UNNAMED_MS : LONGEST_MS
  }
  const isGood = (entry: Entry) => entry.known === entry.wanted && Date.now() - entry.readAt < lifeOf(entry)

  const read = (entry: Entry): Promise<void> => {
    entry.reading ??= readUntilGood(entry)
    return entry.reading
  }

  const readUntilGood = async (entry: Entry) => {
    try {
      do {
        const seen = entry.wanted
        const value = await rows.live(entry.kind, entry.label)
        const isNews = entry.value !== undefined && !isSame(entry.value, value)
        entry.value = value
        entry.known = seen
        entry.readAt = Date.now()
        if (isNews) for (const watcher of entry.watchers) watcher(value)
      } while (entry.known !== entry.wanted)
    } finally {
      entry.reading = null // in the same step as the last look at `wanted`, so that no notification falls between
    }
  }

  const refresh = (entry: Entry) => {
    if (entry.watchers.size === 0) return
    read(entry).catch((error: unknown) => report('a host could not be read again', error))
  }

  const find = async (kind: HostKind, label: string): Promise<LiveDeployment | null> => {
    const entry = entryOf(kind, label)
    entry.askedAt = Date.now()
    if (isGood(entry)) return entry.value ?? null
    try {
      await read(entry)
    } catch (error) {
      if (entry.value === undefined) throw error
      report('the database is away; a host is shown as it was', error)
    }
    return entry.value ?? null
  }

  return {
    find,
    /** Tells of every change from now on. */
    watch(kind: HostKind, label: string, watcher: Watcher): () => void {
      const entry = entryOf(kind, label)
      entry.watchers.add(watcher)
      return () => entry.watchers.delete(watcher)
    },
    changed(change: HostChange): void {
      for (const entry of entries.values()) {
        if (!isNamed(entry, change)) continue
        entry.wanted++
        refresh(entry)
      }
    },
    /** Whether notifications arrive. What was missed in between is read again. */
    hearing(is: boolean): void {
      isHearing = is
      for (const entry of entries.values()) {
        entry.wanted++
        refresh(entry)
      }
    },
    /** Of a domain. */
    forget: (domain: string): void => void entries.delete(`domain ${domain}`),
    /** While deaf, watched hosts are asked for now and then. What nobody looks at is forgotten. */
    poll(): void {
      for (const [key, entry] of entries) {
        if (!isHearing && !isGood(entry)) refresh(entry)
        const isIdle = entry.watchers.size === 0 && !entry.reading && Date.now() - entry.askedAt > IDLE_MS
        if (isIdle) entries.delete(key)
      }
    },
    watched: (): number => [...entries.values()].reduce((sum, entry) => sum + entry.watchers.size, 0),
  }
}

/** A custom domain does not carry its slug, so what was found there says it; one where nothing was found may be meant. */
function isNamed(entry: Entry, { kind, slug }: HostChange): boolean {
  if (entry.kind === 'domain') return kind === 'production' && (entry.value?.host.slug ?? slug) === slug
  return entry.kind === kind && slugOf(entry.label) === slug
}

const isSame = (one: LiveDeployment | null, other: LiveDeployment | null) =>
  one?.deployment?.id === other?.deployment?.id && one?.allowed === other?.allowed
