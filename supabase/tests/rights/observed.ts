/** What the database really does, in the words of `declared.ts`. Every statement is taken back. */
import type postgres from 'postgres'
import { callWithin } from '../people.ts'
import {
  ACTORS,
  type ActorName,
  ATTACHMENTS,
  CHANNELS,
  FUNCTIONS,
  type Operation,
  type Row,
  TABLES,
  type TableRights,
} from './declared.ts'
import type { World } from './world.ts'

export type Observed = {
  tables: Record<string, Record<Operation, Row>>
  functions: Record<string, Row>
  channels: Record<string, Row>
  attachments: Record<string, Row>
}

/** The names of what is looked at. */
export type Scope = Record<keyof Observed, string[]>

export const NOTHING: Scope = { tables: [], functions: [], channels: [], attachments: [] }
export const EVERYTHING: Scope = {
  tables: Object.keys(TABLES),
  functions: Object.keys(FUNCTIONS),
  channels: Object.keys(CHANNELS),
  attachments: Object.keys(ATTACHMENTS),
}

export async function observe(world: World, scope = EVERYTHING): Promise<Observed> {
  return {
    tables: await mapValues(named(scope.tables), (_, table) => tableOutcomes(world, table, TABLES[table]!)),
    functions: await mapValues(named(scope.functions), (_, name) =>
      forEachActor((actor) =>
        attempt(world, actor, (sql) =>
          callWithin(sql, name.split(':')[0]!, FUNCTIONS[name]!.args(world)).then(() => 'ok'),
        ),
      ),
    ),
    channels: await mapValues(named(scope.channels), (_, name) =>
      forEachActor((actor) => channelOutcome(world, actor, CHANNELS[name]!.topic(world, world.ids[actor]))),
    ),
    attachments: await mapValues(named(scope.attachments), (_, name) =>
      forEachActor((actor) => attachmentOutcome(world, actor, ATTACHMENTS[name]!.folder(world))),
    ),
  }
}

/** The outcome, or the code of the refusal; nothing stays. */
async function attempt(
  { db, actors }: World,
  actor: ActorName,
  run: (sql: postgres.TransactionSql) => Promise<string>,
): Promise<string> {
  class TakenBack extends Error {
    readonly outcome: string
    constructor(outcome: string) {
      super()
      this.outcome = outcome
    }
  }
  try {
    return await db.as(actors[actor], async (sql) => {
      throw new TakenBack(await run(sql))
    })
  } catch (error) {
    if (error instanceof TakenBack) return error.outcome
    const { code } = error as { code?: string }
    return code === '42501' ? 'denied' : String(code ?? error)
  }
}

async function tableOutcomes(
  world: World,
  table: string,
  { whose }: TableRights,
): Promise<Record<Operation, Row>> {
  const select = `select ${whose}::text as key from public.${table}`
  const statements: Record<Operation, string> = {
    select,
    insert: `insert into public.${table} default values`,
    update: `update public.${table} set ${whose} = ${whose} where true returning ${whose}::text as key`,
    delete: `delete from public.${table} where true returning ${whose}::text as key`,
  }
  const all = await world.db.sql.unsafe<{ key: string }[]>(select)
  const outcomes = mapValues(statements, (statement) =>
    forEachActor((actor) =>
      attempt(world, actor, async (sql) => {
        const seen = await sql.unsafe<{ key: string }[]>(statement)
        return summary(
          seen.map(({ key }) => whoseIs(world, actor, key)),
          all.map(({ key }) => whoseIs(world, actor, key)),
        )
      }),
    ),
  )
  return (await outcomes) as Record<Operation, Row>
}

function whoseIs(world: World, actor: ActorName, key: string): string {
  const { ids, ours, theirs, guest, ourWork, theirWork } = world
  const self = ids[actor]
  if (self && key.includes(self)) return 'own'
  if (key.includes(ours) || key.includes(ourWork.project)) return 'ours'
  if ([theirs, theirWork.project, ids.stranger!].some((id) => key.includes(id))) return 'theirs'
  const mates = [guest.sub, ids.member!, ids.senior!, ids.admin!, ids.owner!]
  return mates.some((id) => key.includes(id)) ? 'mates' : 'unknown'
}

/** `ours own`, or `some of ours` when not all of them are seen. */
function summary(seen: string[], all: string[]): string {
  const count = (list: string[], label: string) => list.filter((one) => one === label).length
  return [...new Set(seen)]
    .sort()
    .map((label) => (count(seen, label) === count(all, label) ? label : `some of ${label}`))
    .join(' ')
}

/**
 * Asks as the realtime server does: rows of the two extensions are put in by the server and looked for as the actor;
 * and the actor tries to put in rows of their own.
 */
async function channelOutcome({ db, actors }: World, actor: ActorName, topic: string): Promise<string> {
  const found: string[] = []
  await db.sql
    .begin(async (sql) => {
      const probes = await sql<{ id: string; extension: string }[]>`
        insert into realtime.messages (topic, extension) values (${topic}, 'broadcast'), (${topic}, 'presence')
        returning id, extension`
      await sql`select set_config('role', ${actors[actor].role}, true), set_config('realtime.topic', ${topic}, true),
        set_config('request.jwt.claims', ${JSON.stringify(actors[actor])}, true)`
      const visible = await sql`select from realtime.messages where id in ${sql(probes.map(({ id }) => id))}`
      if (visible.length === probes.length) found.push('listen')
      else if (visible.length > 0) found.push('listen in part')
      if (await mayWrite(sql, topic, 'presence')) found.push('present')
      if (await mayWrite(sql, topic, 'broadcast')) found.push('broadcast')
      throw new Error('taken back')
    })
    .catch((error: Error) => {
      if (error.message !== 'taken back') throw error
    })
  return found.join(' ')
}

async function attachmentOutcome(world: World, actor: ActorName, folder: string): Promise<string> {
  const name = `${folder}/picture.png`
  const reads = attempt(world, actor, async (sql) => {
    const found = await sql`select from storage.objects where bucket_id = 'attachments' and name = ${name}`
    return found.length > 0 ? 'read' : ''
  })
  const attaches = attempt(world, actor, async (sql) => {
    await sql`insert into storage.objects (bucket_id, name) values ('attachments', ${`${folder}/another.png`})`
    return 'attach'
  })
  const outcomes = await Promise.all([reads, attaches])
  return outcomes.filter((outcome) => outcome !== '' && outcome !== 'denied').join(' ')
}

const mayWrite = (sql: postgres.TransactionSql, topic: string, extension: string) =>
  sql
    .savepoint(
      (inner) => inner`insert into realtime.messages (topic, extension) values (${topic}, ${extension})`,
    )
    .then(() => true)
    .catch((error: { code?: string }) => {
      if (error.code !== '42501') throw error
      return false
    })

async function forEachActor(outcome: (actor: ActorName) => Promise<string>): Promise<Row> {
  return (await mapValues(named(ACTORS), (_, actor) => outcome(actor as ActorName))) as Row
}

const named = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as Record<Name, Name>

async function mapValues<Value, Result>(
  record: Record<string, Value>,
  map: (value: Value, key: string) => Promise<Result>,
): Promise<Record<string, Result>> {
  return Object.fromEntries(
    await Promise.all(
      Object.entries(record).map(async ([key, value]) => [key, await map(value, key)] as const),
    ),
  )
}
