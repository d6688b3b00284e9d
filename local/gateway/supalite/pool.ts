/**
 * A pool of connections, each lent to one borrower at a time.
 *
 * postgres.js has a pool of its own, with `reserve` and `begin`. But when the server closes a connection that is
 * reserved, the next query on it (such as the `rollback` of whoever notices) is written to a socket that is no more,
 * from a timer, which ends the process; and a reserved connection that is given back after its end is lent again. So
 * here every connection is an instance of its own with a pool of one, its end is noted the moment it happens, and
 * nothing is sent on it from then on. One that was idle for a while is tried before it is lent, so that a restart of
 * the database costs only those requests that were under way.
 */
import postgres from 'postgres'
import { isConnectionLoss } from '../rest/database-errors.ts'

type Settings = postgres.Options<Record<string, postgres.PostgresType>>

const TRY_AFTER_MS = 1_000

export class Pool {
  readonly #url: string
  readonly #settings: Settings
  readonly #max: number
  readonly #all = new Set<Connection>()
  readonly #idle: Connection[] = []
  readonly #waiting: (() => void)[] = []

  constructor(url: string, settings: Settings, max: number) {
    this.#url = url
    this.#settings = settings
    this.#max = max
  }

  /** Called by the library's query builder in place of the `reserve` of postgres.js. */
  async reserve(): Promise<Loan> {
    for (;;) {
      const connection = this.#idle.pop() ?? this.#open()
      if (!connection) await new Promise<void>((settle) => this.#waiting.push(settle))
      else if (await connection.isUsable()) return this.#lend(connection)
      else this.#forget(connection)
    }
  }

  async query(text: string): Promise<postgres.RowList<postgres.Row[]>> {
    const loan = await this.reserve()
    try {
      return await loan.unsafe(text, [])
    } finally {
      loan.release()
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((connection) => connection.close()))
  }

  #open(): Connection | null {
    if (this.#all.size >= this.#max) return null
    const connection = new Connection(this.#url, this.#settings, () => this.#forget(connection))
    this.#all.add(connection)
    return connection
  }

  #lend(connection: Connection): Loan {
    return {
      unsafe: (text, parameters) => connection.query(text, parameters),
      release: () => {
        if (connection.isLost) this.#forget(connection)
        else this.#idle.push(connection)
        this.#waiting.shift()?.()
      },
    }
  }

  #forget(connection: Connection): void {
    const index = this.#idle.indexOf(connection)
    if (index >= 0) this.#idle.splice(index, 1)
    if (this.#all.delete(connection)) void connection.close()
    this.#waiting.shift()?.()
  }
}

type Loan = {
  unsafe(text: string, parameters: never[]): Promise<postgres.RowList<postgres.Row[]>>
  release(): void
}

class Connection {
  isLost = false
  readonly #sql: postgres.Sql
  #usedAt = performance.now()

  constructor(url: string, settings: Settings, lost: () => void) {
    const onclose = () => {
      this.isLost = true
      lost()
    }
    const forGood = { max: 1, idle_timeout: 0, max_lifetime: null }
    this.#sql = postgres(url, { ...settings, ...forGood, onclose } as Settings) as unknown as postgres.Sql
  }

  async query(text: string, parameters: never[]): Promise<postgres.RowList<postgres.Row[]>> {
    if (this.isLost)
      throw Object.assign(new Error('The connection is closed.'), { code: 'CONNECTION_CLOSED' })
    try {
      return await this.#sql.unsafe(text, parameters)
    } catch (error) {
      if (isConnectionLoss(error)) this.isLost = true
      throw error
    } finally {
      this.#usedAt = performance.now()
    }
  }

  async isUsable(): Promise<boolean> {
    if (this.isLost) return false
    if (performance.now() - this.#usedAt < TRY_AFTER_MS) return true
    return this.query('select 1', []).then(
      () => true,
      () => false,
    )
  }

  async close(): Promise<void> {
    this.isLost = true
    await this.#sql.end({ timeout: 1 }).catch(() => {})
  }
}
