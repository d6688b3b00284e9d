import postgres from 'postgres'
import type { Log } from '../log.ts'

/** Connections of the realtime role. A policy may call functions that expect hosted Supabase's search path. */
export function connect(url: string, size: number, log: Log): postgres.Sql {
  return postgres(url, {
    max: size,
    connect_timeout: 5,
    idle_timeout: 60,
    backoff: (attempt) => Math.min(2, 0.05 * 2 ** attempt),
    onnotice: (notice) => log.debug('notice of the database', { notice: notice.message }),
    connection: {
      application_name: 'baton realtime',
      search_path: '"$user", public, extensions',
      statement_timeout: 8_000,
    },
  })
}

/** Why the database did not answer, as hosted Realtime words it; null when it did answer and refused. */
export function describeOutage(error: unknown): string | null {
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string') return null
  if (code === '57014') return 'QueryCanceled: Query was cancelled, please try again'
  if (code === '53300') {
    return "DatabaseLackOfConnections: Database can't accept more connections, Realtime won't connect"
  }
  if (code === '23514') return 'MissingPartition: Realtime was unable to find the expected messages partition'
  return isUnreachable(error)
    ? 'UnableToConnectToProject: Realtime was unable to connect to the project database'
    : null
}

export function isUnreachable(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^(E[A-Z]+|CONN.*|57P0.|08...|3D000|28...|53300)$/.test(code)
}
