/**
 * Who is present in one room. Changes gather until `flush`, which returns them as one diff; a newcomer is shown the
 * state of the last flush, so that snapshot and later diffs always add up.
 */
import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'

export type Meta = Record<string, unknown> & { phx_ref: string; phx_ref_prev?: string }
export type PresenceState = Record<string, { metas: Meta[] }>
export type PresenceDiff = { joins: PresenceState; leaves: PresenceState }
type Tracked = { key: string; meta: Meta; payload: Record<string, unknown> }
type Entry = { key: string; meta: Meta }

export class Presence<Owner> {
  readonly #tracked = new Map<Owner, Tracked>()
  readonly #visible = new Map<string, Entry>()
  #joins = new Map<string, Entry>()
  #leaves = new Map<string, Entry>()
  #snapshot: string | null = null

  /** False when nothing changed. */
  track(owner: Owner, key: string, payload: Record<string, unknown>): boolean {
    const before = this.#tracked.get(owner)
    if (before && isDeepStrictEqual(before.payload, payload)) return false
    const meta: Meta = { ...payload, phx_ref: randomBytes(9).toString('base64url') }
    if (before) {
      meta.phx_ref_prev = before.meta.phx_ref
      this.#leave(before)
    }
    this.#tracked.set(owner, { key, meta, payload })
    this.#joins.set(meta.phx_ref, { key, meta })
    return true
  }

  untrack(owner: Owner): boolean {
    const before = this.#tracked.get(owner)
    if (!before) return false
    this.#tracked.delete(owner)
    this.#leave(before)
    return true
  }

  #leave({ key, meta }: Entry): void {
    if (!this.#joins.delete(meta.phx_ref)) this.#leaves.set(meta.phx_ref, { key, meta })
  }

  flush(): PresenceDiff | null {
    if (this.#joins.size === 0 && this.#leaves.size === 0) return null
    const diff = { joins: grouped(this.#joins.values()), leaves: grouped(this.#leaves.values()) }
    for (const ref of this.#leaves.keys()) this.#visible.delete(ref)
    for (const [ref, entry] of this.#joins) this.#visible.set(ref, entry)
    this.#joins = new Map()
    this.#leaves = new Map()
    this.#snapshot = null
    return diff
  }

  /** JSON text, kept until the next flush: a thousand people who arrive are shown the same. */
  snapshot(): string {
    this.#snapshot ??= JSON.stringify(grouped(this.#visible.values()))
    return this.#snapshot
  }
}

function grouped(entries: Iterable<Entry>): PresenceState {
  const groups = new Map<string, { metas: Meta[] }>()
  for (const { key, meta } of entries) {
    const group = groups.get(key)
    if (group) group.metas.push(meta)
    else groups.set(key, { metas: [meta] })
  }
  return Object.fromEntries(groups)
}
