/**
 * What the data API and storage know of the schema. It is read once, and again whenever the database says `reload
 * schema` (an event trigger does, after DDL) or the listening connection had to be made anew. Requests go on with what
 * was known until the new reading is complete.
 */
import type { PostgresConnection } from '@supabase/lite/postgres'
import postgres from 'postgres'
import type { Log } from '../../log.ts'
import type { JsonPlaces } from '../rest/json-values.ts'
import type { RoleSettings } from '../rest/session-context.ts'
import { PooledConnection } from './connections.ts'
import type { Pool } from './pool.ts'

export type Introspection = Awaited<ReturnType<PostgresConnection['introspect']>>

const GATHER_MS = 25
const LISTEN_AGAIN_MS = 300

export class Schema {
  roleSettings: RoleSettings = new Map()
  readonly #connection: PooledConnection
  readonly #listener: postgres.Sql
  readonly #log: Log
  #known: Introspection | undefined
  #reading: Promise<Introspection> | undefined
  #isStale = false
  #isClosed = false
  #reloadTimer: NodeJS.Timeout | undefined
  #listenTimer: NodeJS.Timeout | undefined

  constructor(url: string, log: Log) {
    this.#connection = new PooledConnection(url, 1)
    this.#log = log
    this.#listener = postgres(url, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: 5,
      fetch_types: false,
      onnotify: () => this.#reloadSoon(),
      onclose: () => this.#listenAgain(),
    } as postgres.Options<Record<string, never>>)
  }

  /** Listens for good: again whenever the connection is lost, and then reads what may have been missed. */
  async follow(): Promise<void> {
    try {
      await this.#listener.unsafe('listen pgrst')
      await this.#read()
    } catch (error) {
      this.#log.warn('the database does not answer', { error })
      this.#listenAgain()
    }
  }

  #listenAgain(): void {
    if (this.#isClosed) return
    clearTimeout(this.#listenTimer)
    this.#listenTimer = setTimeout(() => void this.follow(), LISTEN_AGAIN_MS)
  }

  get pool(): Pool {
    return this.#connection.pool
  }

  async current(): Promise<Introspection> {
    return this.#known ?? this.#read()
  }

  relationsOf(schema: string): string[] {
    const relations = [...(this.#known?.tables ?? []), ...(this.#known?.views ?? [])]
    return relations.filter((relation) => relation.schema === schema).map((relation) => relation.name)
  }

  readonly jsonPlaces: JsonPlaces = {
    columnsOf: (schema, table) => {
      const columns = this.#known?.columns.filter(
        (column) => column.schema === schema && column.table === table,
      )
      return new Set(columns?.filter(({ pg_type }) => isJson(pg_type)).map(({ name }) => name))
    },
    argumentsOf: (schema, name) => {
      const functions = this.#known?.functions?.filter((each) => each.schema === schema && each.name === name)
      return new Set(
        functions?.flatMap(({ arg_names, arg_types }) =>
          arg_names.filter((_, index) => isJson(arg_types[index])),
        ),
      )
    },
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#reloadTimer)
    clearTimeout(this.#listenTimer)
    await Promise.all([this.#connection.close(), this.#listener.end({ timeout: 1 })])
  }

  /** A migration is many commands, each with its own notification: one reading serves them all. */
  #reloadSoon(): void {
    if (this.#isClosed) return
    this.#isStale = true
    clearTimeout(this.#reloadTimer)
    this.#reloadTimer = setTimeout(() => {
      this.#read().catch((error: unknown) => this.#log.warn('could not read the schema', { error }))
    }, GATHER_MS)
  }

  #read(): Promise<Introspection> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined
      if (this.#isStale) this.#reloadSoon()
    })
    return this.#reading
  }

  async #readOnce(): Promise<Introspection> {
    this.#isStale = false
    try {
      this.roleSettings = await readRoleSettings(this.pool)
      const introspection = await this.#connection.introspect({ useCache: false })
      if (!introspection.functions) throw new Error('The library could not read the schema.')
      this.#known = introspection
      return introspection
    } catch (error) {
      this.#known = undefined
      throw error
    }
  }
}

const isJson = (type: string | undefined) => type === 'json' || type === 'jsonb'

async function readRoleSettings(pool: Pool): Promise<RoleSettings> {
  const rows = await pool.query(`
    select rolname as role, split_part(setting, '=', 1) as name, substr(setting, strpos(setting, '=') + 1) as value
    from pg_catalog.pg_roles, unnest(rolconfig) as setting
    where rolname in ('anon', 'authenticated', 'service_role')
      and split_part(setting, '=', 1) in (select name from pg_catalog.pg_settings where context = 'user')
  `)
  const settings = new Map<string, Map<string, string>>()
  for (const { role, name, value } of rows) {
    settings.set(role, (settings.get(role) ?? new Map()).set(name, value))
  }
  return settings
}
