import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { inject } from 'vitest'
import { databaseUrl, type LoginRole, type StackConfig } from '../config.ts'
import { throwawayConfig } from './throwaway.ts'
import './global-setup.ts'

export type TestDatabase = {
  name: string
  /** Names this database in place of the stack's own, and a data folder that goes with it; all other ports are 0. */
  config: StackConfig
  url(role: LoginRole): string
  /** One pool for each role, closed with the database. */
  sql(role: LoginRole): postgres.Sql
  [Symbol.asyncDispose](): Promise<void>
}

let count = 0

export async function createTestDatabase(): Promise<TestDatabase> {
  const { port, password, template } = inject('postgres')
  const name = `test_${process.pid}_${++count}_${Date.now().toString(36)}`
  const server = `postgresql://supabase_admin:${password}@127.0.0.1:${port}`
  const superuser = postgres(`${server}/postgres`, { max: 1, onnotice: () => {} })
  await superuser.unsafe(`create database ${name} template ${template} owner postgres`)
  await superuser.unsafe(`alter database ${name} set search_path = "$user", public, extensions`)

  const dataDir = mkdtempSync(join(tmpdir(), 'baton-test-'))
  const config = throwawayConfig({ dataDir, databasePort: port, password, databaseUrl: `${server}/${name}` })
  const url = (role: LoginRole) => databaseUrl(config, role)
  const pools = new Map<LoginRole, postgres.Sql>()
  const sql = (role: LoginRole) => {
    const pool = pools.get(role) ?? postgres(url(role), { max: 4, onnotice: () => {} })
    pools.set(role, pool)
    return pool
  }
  const dispose = async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end({ timeout: 1 })))
    await superuser.unsafe(`drop database ${name} with (force)`)
    await superuser.end()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { name, config, url, sql, [Symbol.asyncDispose]: dispose }
}
