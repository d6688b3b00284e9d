/** SQL, `errors.ts` and `docs/errors.md` name the same codes, and the document says truly where each is raised. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ERRORS } from '../functions/_shared/errors.ts'
import { createDatabase, type Database } from './database.ts'

const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const sections = new Map(
  document
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, 5), section] as const),
)

let db: Database
let raisedIn: Map<string, string[]>
beforeAll(async () => {
  db = await createDatabase()
  const functions = await db.sql<{ name: string; source: string }[]>`
    select format('%I.%I', nspname, proname) as name, prosrc as source
    from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
    where nspname in ('public', 'baton') order by name`
  raisedIn = new Map()
  for (const { name, source } of functions) {
    for (const [code] of source.matchAll(/\bBT\d{3}\b|\bPT409\b/g)) {
      raisedIn.set(code, [...new Set([...(raisedIn.get(code) ?? []), name])])
    }
  }
})
afterAll(() => db[Symbol.asyncDispose]())

test('every code that SQL raises is known to TypeScript', () => {
  expect([...raisedIn.keys()].filter((code) => !(code in ERRORS))).toEqual([])
})

test('every code of TypeScript is explained, in its order, under its sentence, and no other', () => {
  expect([...sections.keys()]).toEqual(Object.keys(ERRORS))
  for (const [code, message] of Object.entries(ERRORS)) {
    expect(sections.get(code)!.split('\n')[0]).toBe(`${code} · ${message}`)
  }
})

test.for(Object.keys(ERRORS))('%s is raised where the document says', (code) => {
  const line = sections.get(code)!.match(/^\*\*Raised in SQL by\*\* (.*)$/m)?.[1] ?? ''
  const named = [...line.matchAll(/`([a-z_.]+)`/g)].map(([, name]) => name)
  expect(named).toEqual(raisedIn.get(code) ?? [])
})
