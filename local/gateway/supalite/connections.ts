/**
 * Connections of the library with two of its habits replaced. `ensureRlsContext` grants every table to everybody: it
 * is put out of action, and the way to it (`withContext`) becomes a transaction that sets role and claims in one round
 * trip. And the schema is read elsewhere (schema.ts), since `authenticator` by itself may see nothing of it.
 */
import { fuzzyMatch, RelationNotFoundError } from '@supabase/lite'
import { PostgresConnection } from '@supabase/lite/postgres'
import type postgres from 'postgres'
import { type Claims, currentCall } from '../call.ts'
import { quoteArgumentNames } from '../rest/argument-names.ts'
import { COLUMN_TYPES } from '../rest/column-types.ts'
import {
  DATABASE_AWAY,
  describeDatabaseError,
  isConnectionLoss,
  isDatabaseError,
  type RestRefusal,
} from '../rest/database-errors.ts'
import { type Statement, writeJsonValues } from '../rest/json-values.ts'
import { beginStatement, contextStatement, roleOf, type SessionContext } from '../rest/session-context.ts'
import { Pool } from './pool.ts'
import type { Introspection, Schema } from './schema.ts'

type Database = Parameters<Parameters<PostgresConnection['withContext']>[1]>[0]
type Ast = Parameters<PostgresConnection['onPostgrestAST']>[0]
type Options = NonNullable<Parameters<PostgresConnection['withContext']>[2]>
type Variables = { auth?: { jwt?: Claims | null }; storage?: { operation?: string | null } } | undefined

/** The library's connection on a pool that survives the loss of its connections. */
export class PooledConnection extends PostgresConnection {
  readonly pool: Pool

  constructor(url: string, max: number) {
    super({ url })
    this.pool = new Pool(url, settingsOf(this.driver), max)
    Object.assign(this.driver, { reserve: () => this.#reserve() })
  }

  override close(): Promise<void> {
    return this.pool.close()
  }

  async #reserve() {
    const { unsafe, release } = await this.pool.reserve()
    const quoted: typeof unsafe = (text, parameters) =>
      unsafe(quoteArgumentNames(text, parameters), parameters)
    return { unsafe: withBeginsAhead(quoted), release }
  }
}

type Query = Awaited<ReturnType<Pool['reserve']>>['unsafe']
const NO_ROWS = Object.assign([], { count: 0, command: 'BEGIN' }) as unknown as Awaited<ReturnType<Query>>

/**
 * What begins a transaction is not waited for: it is sent, and the first query of the transaction right behind it, which
 * saves a round trip of each request. Should it fail, Postgres refuses the query too, and the reason given is the first.
 */
function withBeginsAhead(query: Query): Query {
  let begun: Promise<unknown> = Promise.resolve()
  return async (text, parameters) => {
    const sent = query(text, parameters)
    sent.catch(() => {})
    if (text.startsWith('begin ')) {
      begun = sent
      return NO_ROWS
    }
    const before = begun
    begun = Promise.resolve()
    await before
    return await sent
  }
}

/** With the column types of the library, and ours in their place where they differ. */
function settingsOf(driver: PostgresConnection['driver']) {
  const { types } = driver.options as unknown as { types: Record<string, postgres.PostgresType> }
  return {
    connect_timeout: 5,
    onnotice: () => {},
    types: { ...types, ...(COLUMN_TYPES as unknown as Record<string, postgres.PostgresType>) },
    connection: { application_name: 'baton gateway', standard_conforming_strings: true, TimeZone: 'UTC' },
  }
}

/** Every query runs as the role of the caller. */
export class CallerConnection extends PooledConnection {
  protected readonly schema: Schema
  readonly #searchPath: string

  constructor(url: string, schema: Schema, searchPath: string, max: number) {
    super(url, max)
    this.schema = schema
    this.#searchPath = searchPath
    Object.assign(this, { ensureRlsContext: async () => true })
  }

  override introspect(): Promise<Introspection> {
    return this.schema.current()
  }

  override async withContext<Result>(
    variables: Variables,
    run: (database: Database) => Promise<Result>,
    options: Options = {},
  ): Promise<Result> {
    const context: SessionContext = {
      claims: variables?.auth?.jwt ?? null,
      searchPath: this.#searchPath,
      roleSettings: this.schema.roleSettings,
      call: currentCall(),
      storageOperation: variables?.storage?.operation ?? '',
      readOnly: options.rpc?.readOnly ?? false,
    }
    if (options.transaction) {
      await execute(options.transaction, contextStatement(context))
      return run(options.transaction)
    }
    return this.kysely.connection().execute(async (connection) => {
      try {
        await execute(connection, beginStatement(context))
        const result = await run(connection)
        await execute(connection, options.forceRollback || isRefusal(result) ? 'rollback' : 'commit')
        return result
      } catch (error) {
        await execute(connection, 'rollback').catch(() => {})
        throw error
      }
    })
  }
}

/** Refusals that come after the fact, such as more rows changed than were allowed, undo it. */
const isRefusal = (result: unknown) =>
  result instanceof Response && (result.status === 400 || result.status === 406)

/** One simple query: a single round trip, several statements allowed. */
function execute(database: Database, sql: string): Promise<unknown> {
  const query = { kind: 'RawNode', sqlFragments: [sql], parameters: [] }
  return database.executeQuery({ sql, parameters: [], query, queryId: { queryId: 'context' } } as never)
}

/** The data API's own: it answers to errors of the database as PostgREST does. */
export class DataConnection extends CallerConnection {
  override async onPostgrestAST(statement: Ast): Promise<Ast> {
    const known = await super.onPostgrestAST(statement)
    return writeJsonValues(known as Statement, this.schema.jsonPlaces) as Ast
  }

  override normalizeDbError(error: unknown): unknown {
    if (isConnectionLoss(error)) throw new RestError(DATABASE_AWAY)
    if (isDatabaseError(error)) {
      throw new RestError(describeDatabaseError(error, roleOf(currentCall()?.claims ?? null) === 'anon'))
    }
    if (error instanceof RelationNotFoundError) throw new RestError(this.#unknownRelation(error))
    if (error instanceof Error && IS_ABOUT_THE_QUERY.test(error.message))
      throw new RestError(badQuery(error.message))
    throw error // the library would print it, with whatever the query held
  }

  #unknownRelation({ schema = 'public', relation, message }: RelationNotFoundError): RestRefusal {
    const similar = fuzzyMatch(relation, this.schema.relationsOf(schema))
    const hint = similar ? `Perhaps you meant the table '${schema}.${similar}'` : null
    return { status: 404, headers: {}, body: { code: 'PGRST205', message, details: null, hint } }
  }
}

const IS_ABOUT_THE_QUERY =
  /Expected identifier|Invalid filter|Unexpected input|Un(supported|known) operator|failed to parse|^Expected .* at position/

const badQuery = (message: string): RestRefusal => ({
  status: 400,
  headers: {},
  body: { code: 'PGRST100', message, details: null, hint: null },
})

export class RestError extends Error {
  override readonly name = 'RestError'
  readonly refusal: RestRefusal
  constructor(refusal: RestRefusal) {
    super(refusal.body.message)
    this.refusal = refusal
  }
}
