/** What a builder is told when it is started by itself. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type BuilderSettings = {
  databaseUrl: string
  apiUrl: string
  secretKey: string
  cacheFolder: string
  blobFolder: string | null
  healthPort?: number
}

/** Or a sentence that says what is missing. */
export function readBuilderSettings(env: Record<string, string | undefined>): BuilderSettings | string {
  const {
    DATABASE_URL,
    SUPABASE_URL,
    SUPABASE_SECRET_KEY,
    BATON_BUILDER_CACHE,
    BATON_BLOB_CACHE,
    BATON_BUILDER_PORT,
  } = env
  if (!DATABASE_URL) {
    return 'DATABASE_URL is missing: the address of the database, for a direct connection (LISTEN does not pass a pooler in transaction mode).'
  }
  if (!SUPABASE_URL) return 'SUPABASE_URL is missing: the address of the API, like https://<ref>.supabase.co.'
  if (!SUPABASE_SECRET_KEY)
    return 'SUPABASE_SECRET_KEY is missing: the secret key of the project (Settings → API Keys).'
  const port = BATON_BUILDER_PORT === undefined ? undefined : Number(BATON_BUILDER_PORT)
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    return `BATON_BUILDER_PORT is "${BATON_BUILDER_PORT}": give a port between 1 and 65535, or leave it out.`
  }
  return {
    databaseUrl: DATABASE_URL,
    apiUrl: SUPABASE_URL.replace(/\/+$/, ''),
    secretKey: SUPABASE_SECRET_KEY,
    cacheFolder: BATON_BUILDER_CACHE ?? join(tmpdir(), 'baton-builder'),
    blobFolder: BATON_BLOB_CACHE ?? null,
    ...(port === undefined ? {} : { healthPort: port }),
  }
}
