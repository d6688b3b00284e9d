import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ASKED_BY_POLICIES, ATTACHMENTS, CHANNELS, FUNCTIONS, TABLES } from './declared.ts'
import { type Observed, observe } from './observed.ts'
import { createWorld, type World } from './world.ts'

let world: World
let observed: Observed
beforeAll(async () => {
  world = await createWorld()
  observed = await observe(world)
})
afterAll(() => world.db[Symbol.asyncDispose]())

describe('every table', () => {
  test.for(Object.keys(TABLES))('%s shows and takes exactly what is declared', (table) => {
    const { select, insert, update, delete: remove } = TABLES[table]!
    expect(observed.tables[table]).toEqual({ select, insert, update, delete: remove })
  })

  test('is declared, and protected by row-level security', async () => {
    const tables = await world.db.sql<{ name: string; secured: boolean }[]>`
      select relname as name, relrowsecurity as secured from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1`
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(TABLES).sort())
    expect(tables.filter(({ secured }) => !secured)).toEqual([])
  })

  test('hides the columns that it is declared to hide, and no others', async () => {
    const hidden = await world.db.sql<{ column: string }[]>`
      select relname || '.' || attname as column from pg_class join pg_attribute on attrelid = pg_class.oid
      where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
        and has_any_column_privilege('authenticated', attrelid, 'select')
        and not has_column_privilege('authenticated', attrelid, attnum, 'select')`
    const declared = Object.entries(TABLES).flatMap(([table, { hidden = [] }]) =>
      hidden.map((name) => `${table}.${name}`),
    )
    expect(hidden.map(({ column }) => column).sort()).toEqual(declared.sort())
  })

  test('grants no role of the API more than is declared, down to columns', async () => {
    const granted = await world.db.sql`
      select relname, role, privilege
      from pg_class,
        unnest(array['anon', 'authenticated', 'service_role']) role,
        unnest(array['insert', 'update', 'references']) privilege
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and has_any_column_privilege(role, pg_class.oid, privilege)
      union all
      select relname, role, privilege
      from pg_class,
        unnest(array['anon', 'authenticated', 'service_role']) role,
        unnest(array['delete', 'truncate', 'trigger', 'maintain']) privilege
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and has_table_privilege(role, pg_class.oid, privilege)`
    expect([...granted]).toEqual([])
  })
})

describe('every function', () => {
  test.for(Object.keys(FUNCTIONS))('%s is for exactly those who are declared', (name) => {
    expect(observed.functions[name]).toEqual(FUNCTIONS[name]!.outcome)
  })

  test('is declared, once', async () => {
    const functions = await world.db.sql<{ name: string }[]>`
      select proname as name from pg_proc where pronamespace = 'public'::regnamespace order by 1`
    const declared = Object.keys(FUNCTIONS).filter((name) => !name.includes(':'))
    expect(functions.map(({ name }) => name)).toEqual(declared.sort())
  })

  test('fixes its search path when it runs with the rights of its owner', async () => {
    const loose = await world.db.sql`
      select proname from pg_proc
      where pronamespace in ('public'::regnamespace, 'baton'::regnamespace) and prosecdef
        and not coalesce('search_path=""' = any (proconfig), false)`
    expect([...loose]).toEqual([])
  })

  test('of the private schema is out of reach, but for those that policies ask', async () => {
    const [schema] = await world.db.sql`
      select bool_or(has_schema_privilege(role, 'baton', 'usage')) as reachable
      from unnest(array['anon', 'authenticated', 'service_role']) role`
    expect(schema).toEqual({ reachable: false })
    const asked = await world.db.sql<{ name: string }[]>`
      select distinct proname as name from pg_proc, unnest(array['anon', 'authenticated', 'service_role']) role
      where pronamespace = 'baton'::regnamespace and has_function_privilege(role, pg_proc.oid, 'execute') order by 1`
    expect(asked.map(({ name }) => name)).toEqual(ASKED_BY_POLICIES)
  })
})

describe('every channel', () => {
  test.for(Object.keys(CHANNELS))('%s is heard and used by exactly those who are declared', (name) => {
    expect(observed.channels[name]).toEqual(CHANNELS[name]!.outcome)
  })
})

describe('attachments', () => {
  test.for(Object.keys(ATTACHMENTS))('in %s are for exactly those who are declared', (folder) => {
    expect(observed.attachments[folder]).toEqual(ATTACHMENTS[folder]!.outcome)
  })
})
