/**
 * How far a policy or a helper reaches: the part of the matrix that a wrong one can change, told by the names in the
 * sources. To see less of the matrix can only hide a difference, never make one up, so a reach that is told too small
 * fails the test of its mutant.
 */
import type postgres from 'postgres'
import { FUNCTIONS, TABLES } from './declared.ts'
import { EVERYTHING, NOTHING, type Scope } from './observed.ts'

export function reachOfPolicy(relation: string): Scope {
  if (relation === 'realtime.messages') return { ...NOTHING, channels: EVERYTHING.channels }
  if (relation === 'storage.objects') return { ...NOTHING, attachments: EVERYTHING.attachments }
  return { ...NOTHING, tables: [relation.replace('public.', '')].filter((table) => table in TABLES) }
}

export async function reachOfHelper(sql: postgres.Sql, helper: string): Promise<Scope> {
  const callers = await callersOf(sql, helper)
  const policies = await sql<{ relation: string; clauses: string }[]>`
    select format('%I.%I', schemaname, tablename) as relation, concat(qual, ' ', with_check) as clauses from pg_policies`
  const relations = policies
    .filter(({ clauses }) => mentions(clauses, callers))
    .map(({ relation }) => relation)
  const asked = relations.map(reachOfPolicy)
  return {
    tables: unique(asked.flatMap(({ tables }) => tables)),
    channels: unique(asked.flatMap(({ channels }) => channels)),
    attachments: unique(asked.flatMap(({ attachments }) => attachments)),
    functions: EVERYTHING.functions.filter((name) => callers.has(name.split(':')[0]!) && name in FUNCTIONS),
  }
}

/** The helper, what calls it, what calls that, and so on. */
async function callersOf(sql: postgres.Sql, helper: string): Promise<Set<string>> {
  const functions = await sql<{ name: string; source: string }[]>`
    select proname as name, prosrc as source from pg_proc
    where pronamespace in ('public'::regnamespace, 'baton'::regnamespace)`
  const reached = new Set([helper])
  for (let before = 0; before < reached.size; ) {
    before = reached.size
    for (const { name, source } of functions) if (mentions(source, reached)) reached.add(name)
  }
  return reached
}

const mentions = (text: string, names: Set<string>) => text.match(/\w+/g)?.some((word) => names.has(word))

const unique = (names: string[]) => [...new Set(names)]
