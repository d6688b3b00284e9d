/**
 * Opens the transaction of one request in a single round trip: role, claims in both of PostgREST's spellings, the
 * request itself, and the settings that belong to the role. Everything is local to the transaction.
 */
import type { Call, Claims } from '../call.ts'

/** Settings of the roles (such as `statement_timeout`) which a switch of role alone would not apply. */
export type RoleSettings = ReadonlyMap<string, ReadonlyMap<string, string>>

export type SessionContext = {
  claims: Claims | null
  searchPath: string
  roleSettings: RoleSettings
  call?: Pick<Call, 'method' | 'path' | 'headers'> | undefined
  storageOperation?: string | undefined
  readOnly: boolean
}

export const roleOf = (claims: Claims | null): string =>
  typeof claims?.role === 'string' && claims.role !== '' ? claims.role : 'anon'

export function beginStatement(context: SessionContext): string {
  return `begin ${context.readOnly ? 'read only' : 'read write'}; ${contextStatement(context)}`
}

export function contextStatement(context: SessionContext): string {
  const settings = Object.entries(settingsOf(context))
    .map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, true)`)
    .join(', ')
  return `select ${settings}`
}

function settingsOf(context: SessionContext): Record<string, string> {
  const { claims, searchPath, roleSettings, call, storageOperation } = context
  const role = roleOf(claims)
  return {
    ...Object.fromEntries(roleSettings.get(role) ?? []),
    search_path: searchPath,
    role,
    'request.jwt.claims': JSON.stringify(claims ?? { role }),
    'request.jwt.claim.sub': typeof claims?.sub === 'string' ? claims.sub : '',
    'request.jwt.claim.role': role,
    'request.jwt.claim.email': typeof claims?.email === 'string' ? claims.email : '',
    'request.method': call?.method ?? '',
    'request.path': call?.path ?? '',
    'request.headers': JSON.stringify(call?.headers ?? {}),
    'response.status': '',
    'response.headers': '',
    'storage.operation': storageOperation ?? '',
  }
}

/** Safe with `standard_conforming_strings = on`, which the connection asks for. */
function literal(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`
}
