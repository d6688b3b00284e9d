/** A throwaway Baton for one bench: its own database, and the parts that it asks for. */
import postgres from 'postgres'
import { databaseUrl, type LoginRole, type StackConfig } from '../local/config.ts'
import type { PartName } from '../local/part.ts'
import { startParts } from '../local/testing/parts.ts'
import { startThrowaway } from '../local/testing/throwaway.ts'

type Settings = Partial<StackConfig> | ((database: StackConfig) => Partial<StackConfig>)

export async function startStack(names: PartName[], settings: Settings = {}) {
  const database = await startThrowaway()
  const more = typeof settings === 'function' ? settings(database.config) : settings
  const parts = await startParts({ ...database.config, ...more }, names)
  const pools: postgres.Sql[] = []
  const sql = (role: LoginRole, max = 1) => {
    const pool = postgres(databaseUrl(database.config, role), { max, onnotice: () => {} })
    pools.push(pool)
    return pool
  }
  const dispose = async () => {
    await parts[Symbol.asyncDispose]()
    await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })))
    await database[Symbol.asyncDispose]()
  }
  return { config: parts.config, client: parts.client, part: parts.part, sql, [Symbol.asyncDispose]: dispose }
}
