/** A throwaway Baton for one bench: its own database, and the parts that it asks for, each in a process of its own. */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { SignJWT } from 'jose'
import postgres from 'postgres'
import { WebSocket } from 'ws'
import { apiUrl, databaseUrl, type LoginRole, type StackConfig } from '../local/config.ts'
import { openDataFolder } from '../local/launcher/data-folder.ts'
import { pickFreePorts } from '../local/launcher/ports.ts'
import { createPart } from '../local/launcher/supervisor.ts'
import type { PartName } from '../local/part.ts'
import { silentLog, startThrowaway } from '../local/testing/throwaway.ts'
import type { Team } from '../supabase/functions/_shared/protocol.ts'

export type Person = { id: string; claims: string; token: string }

export type Stack = Awaited<ReturnType<typeof startStack>>

export async function startStack(names: PartName[]) {
  const database = await startThrowaway()
  const config = await withPorts(database.config)
  openDataFolder(config.dataDir)
  const parts = names.map((name) => createPart(name, config, silentLog, () => {}))
  const pools: postgres.Sql[] = []
  const clients: SupabaseClient[] = []

  const sql = (role: LoginRole, max = 1) => {
    const pool = postgres(databaseUrl(config, role), { max, onnotice: () => {} })
    pools.push(pool)
    return pool
  }
  const client = (person: Person) => {
    const made = createClient(apiUrl(config), config.keys.publishable, {
      accessToken: async () => person.token,
      realtime: { transport: WebSocket as never },
    })
    clients.push(made)
    return made
  }
  const stop = async () => {
    await Promise.all(clients.map((made) => made.removeAllChannels()))
    await Promise.all(parts.map((part) => part.stop()))
    await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })))
    await database[Symbol.asyncDispose]()
    rmSync(config.dataDir, { recursive: true, force: true })
  }

  try {
    await Promise.all(parts.map((part) => part.start()))
  } catch (error) {
    await stop()
    throw error
  }
  return { config, sql, client, [Symbol.asyncDispose]: stop }
}

async function withPorts(config: StackConfig): Promise<StackConfig> {
  const [api = 0, realtime = 0, functions = 0, smtp = 0] = await pickFreePorts(4)
  return { ...config, ports: { ...config.ports, api }, internal: { realtime, functions, smtp } }
}

/** Someone with an account, and a token as signing in gives it. */
export async function createPerson(config: StackConfig, sql: postgres.Sql): Promise<Person> {
  const id = randomUUID()
  const email = `${id}@bench.test`
  await sql`
    insert into auth.users (id, email, email_confirmed_at, raw_user_meta_data)
    values (${id}, ${email}, now(), ${sql.json({ display_name: 'Bench' })})`
  const claims = { sub: id, email, role: 'authenticated', aud: 'authenticated' }
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(config.keys.jwtSecret))
  return { id, token, claims: JSON.stringify(claims) }
}

/** What the data API does around each request. */
export function asPerson<Result>(
  sql: postgres.Sql,
  { claims }: Person,
  run: (sql: postgres.TransactionSql) => Promise<Result>,
) {
  return sql.begin(async (transaction) => {
    await transaction`
      select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`
    return await run(transaction)
  })
}

export async function createTeam(sql: postgres.Sql, person: Person): Promise<Team> {
  const rows = await asPerson(
    sql,
    person,
    (transaction) => transaction<{ team: Team }[]>`select public.create_team('Bench') as team`,
  )
  return rows[0]!.team
}
