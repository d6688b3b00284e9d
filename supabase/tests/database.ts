/** A database of the test's own, cloned from the template that the test run prepares with the real migrations. */
import postgres from 'postgres'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { port: number; password: string; template: string }
  }
}

export type Actor =
  | { role: 'anon' }
  | { role: 'service_role' }
  | { role: 'authenticated'; sub: string; email?: string }

export type Database = {
  name: string
  url(login?: Login): string
  /** As `postgres`, who owns what migrations make and passes row-level security. */
  sql: postgres.Sql
  /** Runs statements the way the data API does: one transaction, the role of the actor, their claims. */
  as<T>(actor: Actor, run: (sql: postgres.TransactionSql) => Promise<T>): Promise<T>
  [Symbol.asyncDispose](): Promise<void>
}

type Login = 'postgres' | 'authenticator' | 'supabase_admin'

let count = 0

export async function createDatabase(): Promise<Database> {
  const { port, password, template } = inject('postgres')
  const name = `tests_${process.pid}_${++count}_${Date.now().toString(36)}`
  const server = (login: Login, database: string) =>
    `postgresql://${login}:${password}@127.0.0.1:${port}/${database}`
  const superuser = postgres(server('supabase_admin', 'postgres'), { max: 1, onnotice: () => {} })
  await superuser.unsafe(`create database ${name} template ${template} owner postgres`)
  await superuser.unsafe(`alter database ${name} set search_path = "$user", public, extensions`)

  const sql = postgres(server('postgres', name), { max: 4, onnotice: () => {} })
  const api = postgres(server('authenticator', name), { onnotice: () => {} })
  return {
    name,
    url: (login = 'postgres') => server(login, name),
    sql,
    as: (actor, run) =>
      api.begin(async (transaction) => {
        const claims = JSON.stringify(actor)
        await transaction`
          select set_config('role', ${actor.role}, true), set_config('request.jwt.claims', ${claims}, true)`
        return await run(transaction)
      }) as Promise<never>,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([sql.end({ timeout: 1 }), api.end({ timeout: 1 })])
      await superuser.unsafe(`drop database ${name} with (force)`)
      await superuser.end()
    },
  }
}
