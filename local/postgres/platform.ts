/** What hosted Supabase has in a database before the first migration: roles, schemas, rights. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type postgres from 'postgres'
import { rootDir } from '../../scripts/root.ts'

export type PlatformOptions = {
  /** Of every role that may log in. */
  password: string
  /** What the role `postgres` is called here, where that name is taken. */
  ownerRole?: string
}

/** The superuser keeps the password that it has: it is the operator's, or came with the server. */
const LOGINS = ['authenticator', 'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin']

/** Returns whether anything had to be done: a database remembers by which version of these files it was made. */
export async function applyPlatform(superuser: postgres.Sql, options: PlatformOptions): Promise<boolean> {
  const { password, ownerRole = 'postgres' } = options
  const files = readFiles()
  const stamp = createHash('sha256')
    .update(JSON.stringify([files, liteVersion(), ownerRole, password]))
    .digest('hex')
  if ((await readStamp(superuser)) === stamp) return false
  const script = [
    ...steps(files, await tablesOfLite(), ownerRole),
    ...[...LOGINS, ownerRole].map((role) => `alter role ${role} password ${literal(password)};`),
    `truncate platform.stamp; insert into platform.stamp values ('${stamp}');`,
  ]
  // One message, and so one transaction.
  await superuser.unsafe(script.join('\n;\n')).simple()
  return true
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

type Files = Record<string, string>

function readFiles(): Files {
  const folder = join(rootDir, 'local/postgres/platform')
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

function steps(files: Files, tables: Files, ownerRole: string): string[] {
  return Object.entries({ ...files, ...tables })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => (ownerRole === 'postgres' ? text : text.replace(/\bpostgres\b/g, ownerRole)))
}

/** The tables behind sign-in and files, which its authors keep in step with their code. */
async function tablesOfLite(): Promise<Files> {
  const { getAuthSchemaSql, getStorageSchemaSql } = await import('@supabase/lite')
  return { '29_auth_tables': getAuthSchemaSql(), '49_storage_tables': getStorageSchemaSql() }
}

function liteVersion(): string | undefined {
  const manifest = readFileSync(join(rootDir, 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { devDependencies: Record<string, string> }).devDependencies[
    '@supabase/lite'
  ]
}

async function readStamp(sql: postgres.Sql): Promise<string | undefined> {
  const [found] = await sql`select to_regclass('platform.stamp') is not null as exists`
  if (!found?.exists) return undefined
  const [row] = await sql<{ hash: string }[]>`select hash from platform.stamp`
  return row?.hash
}
