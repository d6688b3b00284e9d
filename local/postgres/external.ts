/** Whether the operator's own server can carry Baton. */
import postgres from 'postgres'
import { POSTGRES_MAJOR } from './binaries.ts'

export async function requireUsableServer(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    const [facts] = await sql<Facts[]>`
      select current_setting('server_version_num')::int / 10000 as major,
        current_setting('wal_level') as "walLevel", current_setting('is_superuser') = 'on' as superuser,
        current_user::text as role`.catch((cause: unknown) => {
      throw new Error(explainNoConnection(url, cause as Error & { code?: string }), { cause })
    })
    const complaint = complain(facts!)
    if (complaint) throw new Error(complaint)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

type Facts = { major: number; walLevel: string; superuser: boolean; role: string }

export function complain({ major, walLevel, superuser, role }: Facts): string | null {
  if (major !== POSTGRES_MAJOR) {
    return `DATABASE_URL leads to Postgres ${major} and Baton needs ${POSTGRES_MAJOR}; point it to such a server, or leave it out to use the one that comes with Baton.`
  }
  if (!superuser) {
    return `DATABASE_URL logs in as "${role}", who is no superuser, and Baton has to make roles; use a superuser of a server of Baton's own.`
  }
  if (walLevel !== 'logical') {
    return `The server of DATABASE_URL has wal_level = ${walLevel} and Baton needs logical; run "alter system set wal_level = 'logical'" there and restart it.`
  }
  return null
}

function explainNoConnection(url: string, error: Error & { code?: string }): string {
  const { host, pathname, username } = new URL(url)
  switch (error.code) {
    case '28P01':
    case '28000':
      return `The server of DATABASE_URL (${host}) refuses the login of "${username}": ${error.message}; correct the URL.`
    case '3D000':
      return `The server of DATABASE_URL (${host}) has no database "${pathname.slice(1)}"; create it or correct the URL.`
    default:
      return `DATABASE_URL cannot be reached at ${host} (${error.code ?? error.message}); start that server, or leave DATABASE_URL out to use the one that comes with Baton.`
  }
}
