import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TeamSnapshot, UserSnapshot } from '../functions/_shared/protocol.ts'
import { createDatabase } from './database.ts'
import { call, type Person } from './people.ts'

const seed = readFileSync(new URL('../seed.sql', import.meta.url), 'utf8')

test('the seed makes the demo people and their teams, and changes nothing the second time', async () => {
  await using db = await createDatabase()
  await db.sql.unsafe(seed).simple()
  const contents = async () => ({
    users: await db.sql`select id, email, encrypted_password from auth.users order by email`,
    identities: await db.sql`select id, user_id, provider, provider_id from auth.identities order by user_id`,
    events: await db.sql`select * from events order by topic, seq`,
  })
  const first = await contents()
  await db.sql.unsafe(seed).simple()
  expect(await contents()).toEqual(first)

  const accounts = await db.sql`
    select u.email, encrypted_password = extensions.crypt('baton-demo', encrypted_password) as knows_password,
      email_confirmed_at is not null as is_confirmed, i.identity_data ->> 'sub' = u.id::text as has_identity
    from auth.users u join auth.identities i on i.user_id = u.id and i.email = u.email order by 1`
  const emails = ['junior', 'owner', 'sam', 'senior', 'stranger'].map((name) => `${name}@demo.test`)
  expect([...accounts]).toEqual(
    emails.map((email) => ({ email, knows_password: true, is_confirmed: true, has_identity: true })),
  )
})

test('the demo people are where the demo needs them', async () => {
  await using db = await createDatabase()
  await db.sql.unsafe(seed).simple()
  const person = async (email: string): Promise<Person> => {
    const [account] = await db.sql`select id from auth.users where email = ${email}`
    return { role: 'authenticated', sub: account!.id, email }
  }
  const homeOf = async (email: string) => call<UserSnapshot>(db, await person(email), 'user_snapshot')
  const { memberships } = await homeOf('junior@demo.test')
  expect(memberships).toMatchObject([{ team_name: 'Demo', role: 'member' }])
  expect((await homeOf('stranger@demo.test')).memberships).toMatchObject([
    { team_name: "Stranger's team", role: 'owner' },
  ])

  const owner = await person('owner@demo.test')
  const demo = await call<TeamSnapshot>(db, owner, 'team_snapshot', { team_id: memberships[0]!.team_id })
  expect(demo.members.map(({ email, role, display_name }) => [email, role, display_name])).toEqual([
    ['owner@demo.test', 'owner', 'Owner'],
    ['senior@demo.test', 'senior', 'Senior'],
    ['sam@demo.test', 'senior', 'Sam'],
    ['junior@demo.test', 'member', 'Junior'],
  ])
  expect(demo.seq).toBe(4)
})
