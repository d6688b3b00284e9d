/**
 * Would the tests notice? Each policy is dropped, then opened to everybody, and each helper that rights rest on is made
 * to answer wrongly. Every time, what the database does must differ from what is declared: it is looked at where the
 * mutant reaches, until the first difference.
 */
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { ATTACHMENTS, CHANNELS, FUNCTIONS, TABLES } from './declared.ts'
import { EVERYTHING, NOTHING, type Observed, observe, type Scope } from './observed.ts'
import { reachOfHelper, reachOfPolicy } from './reach.ts'
import { createWorld } from './world.ts'

type Policy = {
  name: string
  relation: string
  command: string
  qual: string | null
  with_check: string | null
  roles: string
}

const world = await createWorld()
const sql = world.db.sql
afterAll(() => world.db[Symbol.asyncDispose]())

const policies = await sql<Policy[]>`
  select format('%I', policyname) as name, format('%I.%I', schemaname, tablename) as relation, cmd as command,
    qual, with_check, array_to_string(roles, ', ') as roles
  from pg_policies where schemaname in ('public', 'realtime', 'storage') order by relation, name`

describe('without the policy', () => {
  test.for(policies)('$name on $relation the rights are others', async (policy) => {
    const clauses = `${policy.qual ? `using (${policy.qual})` : ''} ${policy.with_check ? `with check (${policy.with_check})` : ''}`
    await expectOtherRights({
      change: `drop policy ${policy.name} on ${policy.relation}`,
      undo: `create policy ${policy.name} on ${policy.relation} for ${policy.command} to ${policy.roles} ${clauses}`,
      reach: reachOfPolicy(policy.relation),
    })
  })
})

describe('with the policy opened to everybody signed in', () => {
  test.for(policies)('$name on $relation the rights are others', async (policy) => {
    const clauses = (qual: string, check: string) =>
      `${policy.qual ? `using (${qual})` : ''} ${policy.with_check ? `with check (${check})` : ''}`
    await expectOtherRights({
      change: `alter policy ${policy.name} on ${policy.relation} ${clauses('true', 'true')}`,
      undo: `alter policy ${policy.name} on ${policy.relation} ${clauses(policy.qual!, policy.with_check!)}`,
      reach: reachOfPolicy(policy.relation),
    })
  })
})

describe('with a wrong helper', () => {
  test.for([
    ['baton.can_read_topic(text)', 'select true'],
    ['baton.my_topics()', `select 'user:' || auth.uid()`],
    ['baton.my_topics()', `select 'team:' || team_id from baton.my_teams() team_id`],
    ['baton.my_topics()', 'select t.topic from public.topics t'],
    ['baton.my_teams()', 'select t.id from public.teams t'],
    ['baton.my_teams()', 'select m.team_id from public.memberships m where false'],
    ['baton.my_projects()', 'select p.id from public.projects p'],
    ['baton.my_projects()', 'select p.id from public.projects p where false'],
    ['baton.my_topics()', `select 'project:' || project_id from baton.my_projects() project_id`],
    ['baton.project_of_caller(uuid)', 'begin return (select p from public.projects p where p.id = $1); end'],
    ['baton.people_i_know()', 'select p.user_id from public.profiles p'],
    ['baton.people_i_know()', 'select auth.uid()'],
    ['baton.lock_team_to_run_it(uuid)', 'begin return baton.lock_team($1); end'],
    ['baton.role_of_member(uuid, uuid)', `begin return 'member'; end`],
    ['baton.check_ownership(public.team_role, public.team_role[])', 'begin end'],
    ['baton.require_an_owner(uuid)', 'begin end'],
    ['baton.require_address_of_invitation(public.invitations, uuid)', 'begin end'],
    ['baton.require_publisher(uuid)', 'begin return baton.project_to_change($1); end'],
    ['baton.whom_to_ask(public.projects)', `begin return '[]'; end`],
    [
      'baton.checkpoint_to_publish(uuid, uuid)',
      'begin return (select c from public.checkpoints c where c.id = $2); end',
    ],
    [
      'baton.deployment_to_report_on(uuid, uuid)',
      'begin return (select d from public.deployments d where d.id = $2); end',
    ],
    ['baton.build_of_caller(uuid)', 'begin return (select b from public.builds b where b.id = $1); end'],
  ] as const)('%s that answers "%s" the rights are others', async ([name, body]) => {
    const [found] = await sql<{ definition: string; source: string; helper: string }[]>`
      select pg_get_functiondef(oid) as definition, prosrc as source, proname as helper
      from pg_proc where oid = ${name}::regprocedure`
    const { definition, source, helper } = found!
    await expectOtherRights({
      change: definition.replace(source, () => body),
      undo: definition,
      reach: await reachOfHelper(sql, helper),
    })
  })
})

test('the rights are as declared after all', async () => {
  expect(await observe(world)).toEqual(declared())
})

async function expectOtherRights({ change, undo, reach }: { change: string; undo: string; reach: Scope }) {
  await sql.unsafe(change)
  try {
    expect(await rightsDiffer(reach), 'the tests of rights would not notice').toBe(true)
  } finally {
    await sql.unsafe(undo)
  }
}

async function rightsDiffer(reach: Scope): Promise<boolean> {
  for (const kind of Object.keys(reach) as (keyof Scope)[]) {
    for (const name of reach[kind]) {
      const scope = { ...NOTHING, [kind]: [name] }
      if (!isDeepStrictEqual(await observe(world, scope), declared(scope))) return true
    }
  }
  return false
}

function declared(scope = EVERYTHING): Observed {
  const rightsOf = (table: string) => {
    const { select, insert, update, delete: remove } = TABLES[table]!
    return { select, insert, update, delete: remove }
  }
  return {
    tables: Object.fromEntries(scope.tables.map((name) => [name, rightsOf(name)])),
    functions: Object.fromEntries(scope.functions.map((name) => [name, FUNCTIONS[name]!.outcome])),
    channels: Object.fromEntries(scope.channels.map((name) => [name, CHANNELS[name]!.outcome])),
    attachments: Object.fromEntries(scope.attachments.map((name) => [name, ATTACHMENTS[name]!.outcome])),
  }
}
