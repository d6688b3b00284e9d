import type postgres from 'postgres'
import type { Person } from '../person.ts'

/**
 * For the end of a statement, which then is this person's. One statement and no transaction, since postgres.js throws
 * past everybody (porsager/postgres#1208) when a transaction goes on after its connection is gone.
 */
export const signedIn = (sql: postgres.Sql, { claims }: Person) =>
  sql`(select set_config('request.jwt.claims', ${claims}, true)) as signed_in`
