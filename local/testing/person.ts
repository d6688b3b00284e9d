/** Someone with an account, for tests and benches that need no sign-in. */
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type postgres from 'postgres'
import type { Team } from '../../supabase/functions/_shared/protocol.ts'
import type { StackConfig } from '../config.ts'

export type Person = { id: string; email: string; claims: string; token: string }

/** The token is as signing in gives it. */
export async function createPerson(config: StackConfig, sql: postgres.Sql): Promise<Person> {
  const id = randomUUID()
  const email = `${id}@people.test`
  await sql`
    insert into auth.users (id, email, email_confirmed_at, raw_user_meta_data)
    values (${id}, ${email}, now(), ${sql.json({ display_name: 'Person' })})`
  const claims = { sub: id, email, role: 'authenticated', aud: 'authenticated' }
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(config.keys.jwtSecret))
  return { id, email, token, claims: JSON.stringify(claims) }
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
    (transaction) => transaction<{ team: Team }[]>`select public.create_team('Team') as team`,
  )
  return rows[0]!.team
}
