/**
 * The one reader of the write-ahead log, for broadcasts from the database and for postgres_changes alike.
 *
 * Modes: it prepares the slot, streams, and when the stream ends for whatever reason begins again, with a pause that
 * grows; `stop` ends it from any mode. From the moment the slot exists nothing that is committed can be missed, streaming
 * or not: so joins wait for the slot (`whenHolding`), and only `replication_ready` waits for the stream.
 *
 * Order: the log holds transactions in the order of their commits, and the rows of one are handed on in the turn in which
 * its end is read, so the order of delivery is the order of commits, and what was delivered is confirmed in the same turn:
 * handed on row by row, a kill in between would have them delivered again. (Only of a very large transaction the first
 * rows go ahead, so that it need not fit into memory.) Row changes answer with a promise; what the slot is told is the last position before which everything is settled (`Progress`), always the end of a commit itself: one byte
 * more, as the library would send it, and a commit that begins there is skipped after a restart.
 *
 * Sight: a row can be read from the log a moment before a query sees it, since a transaction is written there before it is
 * taken off the list of those under way. Whoever joins in that moment would get neither the message, which was handed on
 * before, nor the row. So a join ends with `whenVisible`, and policies are asked about a row only once it can be seen.
 *
 * Once: after a lost connection the server sends again what it was not told of. Within this process that is recognised
 * by commit position and row count and dropped. A new process cannot know, so across a kill a message may come twice,
 * within the moment between its delivery and its confirmation; it carries an id, and hints carry a seq.
 *
 * Bounds: when row changes pile up faster than policies can be asked, the stream is closed until they are done: what
 * waits, waits in the log. A slot that was lost, or that cannot be read any more (say, its publication was dropped and
 * made anew in between), is replaced; that is a gap, and everybody is disconnected, so that they read their rows.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Pgoutput } from 'pg-logical-replication'
import { LogicalReplicationService } from 'pg-logical-replication'
import type postgres from 'postgres'
import type { Log } from '../log.ts'
import { describeOutage } from './database.ts'
import { type RowChange, TextPlugin, toRowChange } from './log-stream.ts'
import { formatLsn, parseLsn } from './lsn.ts'
import { Progress } from './progress.ts'
import type { Settings } from './settings.ts'
import { dropSlot, nameSlot, prepareSlot, releaseSlot } from './slot.ts'

export const CHANGES_PUBLICATION = 'supabase_realtime'
const MESSAGES_PUBLICATION = 'supabase_realtime_messages_publication'
const STATUS_INTERVAL_MS = 5_000
const ATTEMPTS_ON_BROKEN_SLOT = 5
const ROWS_IN_MEMORY = 1_000
/** By then, at the latest, what was read from the log can be seen by a query as well. */
const VISIBLE_AFTER_MS = 5_000

type Commit = { lsn: bigint; transaction: number; at: number; rows: number; seen: number }
const NO_COMMIT: Commit = { lsn: 0n, transaction: 0, at: 0, rows: 0, seen: 0 }

type RowMessage = Pgoutput.MessageInsert | Pgoutput.MessageUpdate | Pgoutput.MessageDelete

export type LogReader = {
  /** A row of realtime.messages. */
  message(row: Record<string, string | null>): void
  /** Null when nobody is interested. */
  change(change: RowChange): Promise<void> | null
  /** Something may have been missed by everybody. */
  gap(): void
}

export class Replication {
  readonly #url: string
  readonly #sql: postgres.Sql
  readonly #reader: LogReader
  readonly #settings: Settings
  readonly #log: Log
  readonly #stopping = new AbortController()
  readonly #waiting = new Set<() => void>()
  #progress = new Progress()
  #service: LogicalReplicationService | null = null
  #slotName = ''
  #holding = false
  #streaming = false
  #resumed = false
  #failures = 0
  #refusals = 0
  #queued = 0
  #commit = NO_COMMIT
  #recent: { transaction: number; at: number }[] = []
  #rows: RowMessage[] = []
  #work: Promise<void>[] = []
  #publications: string[] = []
  #lagMs = 0
  #running: Promise<void> = Promise.resolve()

  constructor(url: string, sql: postgres.Sql, reader: LogReader, settings: Settings, log: Log) {
    this.#url = url
    this.#sql = sql
    this.#reader = reader
    this.#settings = settings
    this.#log = log
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(options: { dropSlot: boolean }): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    this.#confirm()
    await this.#service?.stop().catch(() => {})
    await this.#running
    if (!this.#slotName) return
    const leave = options.dropSlot ? dropSlot : releaseSlot
    await leave(this.#sql, this.#slotName).catch((error: unknown) => {
      this.#log.warn('the replication slot could not be left in order', { error })
    })
  }

  /** This process reads on where an earlier one stopped. */
  get resumed(): boolean {
    return this.#resumed
  }

  get status() {
    return { streaming: this.#streaming, lagMs: this.#lagMs, queuedChanges: this.#queued }
  }

  whenHolding = (timeoutMs: number): Promise<boolean> => this.#when(() => this.#holding, timeoutMs)
  whenStreaming = (timeoutMs: number): Promise<boolean> => this.#when(() => this.#streaming, timeoutMs)

  /** The publication may have been made after the stream began. */
  async reads(publication: string): Promise<boolean> {
    if (this.#publications.includes(publication)) return true
    if ((await this.#findPublications()).includes(publication)) await this.#service?.stop()
    return false
  }

  #when(isTrue: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isTrue()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const check = () => {
        if (isTrue() || this.#stopping.signal.aborted) finish()
      }
      const finish = () => {
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve(isTrue())
      }
      const timer = setTimeout(finish, timeoutMs)
      this.#waiting.add(check)
    })
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#prepare()
        await this.#stream()
      } catch (error) {
        if (!this.#stopping.signal.aborted) await this.#fail(error)
      }
      this.#streaming = false
      this.#service = null
      await this.#when(() => this.#queued < this.#settings.maxQueuedChanges / 2, 60_000)
      const pause = Math.min(2_000, 20 * 2 ** this.#failures)
      await delay(pause, undefined, { signal: this.#stopping.signal }).catch(() => {})
    }
  }

  async #prepare(): Promise<void> {
    const isFirst = !this.#holding
    this.#slotName ||= await nameSlot(this.#sql)
    const state = await prepareSlot(this.#sql, this.#slotName, isFirst ? this.#settings.slotMaxIdleMs : null)
    if (isFirst) this.#resumed = state === 'resumed'
    else if (state === 'created') this.#announceGap()
    this.#publications = await this.#findPublications()
    this.#holding = true
    this.#wake()
  }

  #announceGap(): void {
    this.#log.warn('the position in the log was lost; everybody is asked to read again')
    this.#progress = new Progress()
    this.#commit = NO_COMMIT
    this.#reader.gap()
  }

  async #findPublications(): Promise<string[]> {
    const rows = await this.#sql<{ pubname: string }[]>`
      select pubname from pg_publication where pubname in (${CHANGES_PUBLICATION}, ${MESSAGES_PUBLICATION})`
    return rows.map((row) => row.pubname)
  }

  async #stream(): Promise<void> {
    const service = new LogicalReplicationService(
      { connectionString: this.#url, application_name: 'baton realtime log', keepAlive: true },
      { acknowledge: { auto: false, timeoutSeconds: 0 } },
    )
    this.#service = service
    const status = setInterval(() => this.#confirm(), STATUS_INTERVAL_MS)
    service.on('error', () => {})
    service.on('start', () => {
      this.#streaming = true
      this.#wake()
    })
    service.on('heartbeat', (lsn) => {
      this.#progress.reach(parseLsn(lsn))
      this.#confirm()
    })
    service.on('data', (_lsn, message: Pgoutput.Message) => this.#read(message))
    try {
      const plugin = new TextPlugin({ protoVersion: 1, publicationNames: this.#publications })
      await service.subscribe(plugin, this.#slotName)
    } finally {
      clearInterval(status)
      await service.destroy().catch(() => {})
    }
  }

  #read(message: Pgoutput.Message): void {
    switch (message.tag) {
      case 'begin':
        this.#begin(message)
        break
      case 'insert':
      case 'update':
      case 'delete':
        this.#rows.push(message)
        if (this.#rows.length >= ROWS_IN_MEMORY) this.#handOn()
        break
      case 'commit':
        this.#commitAt(parseLsn(message.commitEndLsn ?? ''))
    }
  }

  #commitAt(end: bigint): void {
    this.#handOn()
    this.#progress.reach(end, this.#work)
    this.#work = []
    this.#failures = 0
    this.#refusals = 0
    this.#confirm()
    if (this.#queued > this.#settings.maxQueuedChanges) void this.#service?.stop()
  }

  #begin(message: Pgoutput.MessageBegin): void {
    const lsn = parseLsn(message.commitLsn ?? '')
    const at = Number(message.commitTime) / 1000
    const transaction = message.xid >>> 0
    this.#lagMs = Date.now() - at
    this.#rows = []
    this.#work = []
    this.#forgetVisible()
    this.#recent.push({ transaction, at: Date.now() })
    if (lsn > this.#commit.lsn) this.#commit = { lsn, transaction, at, rows: 0, seen: 0 }
    else this.#commit = { ...this.#commit, seen: lsn < this.#commit.lsn ? Number.NEGATIVE_INFINITY : 0 }
  }

  #forgetVisible(): void {
    const limit = Date.now() - VISIBLE_AFTER_MS
    while (this.#recent[0] && this.#recent[0].at < limit) this.#recent.shift()
  }

  /** Resolves when everything that was handed on until now can be seen by a query. */
  async whenVisible(): Promise<void> {
    this.#forgetVisible()
    if (this.#recent.length === 0) return
    const transactions = this.#recent.map(({ transaction }) => transaction)
    await this.#sql`select realtime.await_visible(${transactions}::int8[])`
  }

  #handOn(): void {
    const rows = this.#rows
    this.#rows = []
    for (const row of rows) this.#readRow(row)
  }

  #readRow(message: RowMessage): void {
    this.#commit.seen++
    if (this.#commit.seen <= this.#commit.rows) return
    this.#commit.rows++
    const { schema, name } = message.relation
    if (schema === 'realtime' && /^messages(_|$)/.test(name)) {
      if (message.tag === 'insert') this.#reader.message(message.new)
      return
    }
    const work = this.#reader.change(toRowChange(message, this.#commit))
    if (!work) return
    this.#queued++
    const done = work.finally(() => {
      this.#queued--
      this.#wake()
      this.#confirm()
    })
    this.#work.push(done)
  }

  /** The library adds one to what it is given. */
  #confirm(): void {
    const { settled } = this.#progress
    if (settled > 0n) void this.#service?.acknowledge(formatLsn(settled - 1n))
  }

  async #fail(error: unknown): Promise<void> {
    this.#failures++
    this.#log.warn('the log of the database cannot be read; trying again', { error })
    if (describeOutage(error) !== null || !this.#holding) return
    this.#refusals++
    if (this.#refusals < ATTEMPTS_ON_BROKEN_SLOT) return
    this.#refusals = 0
    await dropSlot(this.#sql, this.#slotName).catch(() => {})
  }
}
