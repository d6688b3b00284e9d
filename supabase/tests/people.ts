/** Accounts, as the auth server makes them, and teams, as their people make them. */
import type postgres from 'postgres'
import type { NewInvitation, Role, Team } from '../functions/_shared/protocol.ts'
import type { Actor, Database } from './database.ts'

export type Person = Extract<Actor, { role: 'authenticated' }> & { email: string }

/** A database, over the test's own connections or those of a crowd. */
export type Reach = Pick<Database, 'sql' | 'as'>

export const anonymous: Actor = { role: 'anon' }
export const service: Actor = { role: 'service_role' }

let count = 0

export async function signUp(
  db: Reach,
  name: string,
  options: { email?: string; confirmed?: boolean } = {},
): Promise<Person> {
  const email = options.email ?? `${name.toLowerCase().replaceAll(' ', '')}.${++count}@people.test`
  const [account] = await db.sql<{ id: string }[]>`
    insert into auth.users (id, email, email_confirmed_at, raw_user_meta_data)
    values (gen_random_uuid(), ${email}, ${options.confirmed === false ? null : new Date()},
      ${db.sql.json({ display_name: name })})
    returning id`
  return { role: 'authenticated', sub: account!.id, email }
}

export type Arguments = Record<string, string | number | boolean | null | object>

/** Calls a function as the data API does: by name, with named parameters. */
export async function call<Result = unknown>(
  db: Reach,
  actor: Actor,
  name: string,
  args: Arguments = {},
): Promise<Result> {
  return await db.as(actor, (sql) => callWithin<Result>(sql, name, args))
}

export async function callWithin<Result>(
  sql: postgres.TransactionSql,
  name: string,
  args: Arguments = {},
): Promise<Result> {
  const named = Object.keys(args).map((key, index) => `"${key}" => $${index + 1}`)
  const [row] = await sql.unsafe(
    `select public.${name}(${named.join(', ')}) as result`,
    Object.values(args) as never[],
  )
  return row!.result as Result
}

export const createTeam = (db: Reach, founder: Person, name: string) =>
  call<Team>(db, founder, 'create_team', { name })

export const invite = (db: Reach, inviter: Person, team_id: string, email: string, role: Role) =>
  call<NewInvitation>(db, inviter, 'invite_member', { team_id, email, role })

/** Lets a person in the way people come in: invited by one, accepted by the other. */
export async function join(db: Reach, inviter: Person, teamId: string, person: Person, role: Role) {
  const { token } = await invite(db, inviter, teamId, person.email, role)
  await call(db, person, 'accept_invitation', { token })
}

export const setRole = (db: Reach, by: Person, team_id: string, person: Person, role: Role) =>
  call(db, by, 'set_member_role', { team_id, user_id: person.sub, role })
