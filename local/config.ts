/** What every part of the embedded stack is told about the others. The launcher makes it, once per start. */
export type StackConfig = {
  rootDir: string
  dataDir: string
  mode: 'start' | 'dev'
  ports: { api: number; app: number; preview: number; database: number; model: number }
  /** Ports that only parts use among themselves, picked free at each start. */
  internal: { realtime: number; functions: number; smtp: number; builder: number }
  keys: StackKeys
  /** A superuser URL of the operator's own server, in place of the embedded one. */
  externalDatabaseUrl: string | null
  /** Which model the agents talk to; `rehearsal` needs no key. */
  model: { kind: 'anthropic' | 'compatible' | 'rehearsal'; baseUrl: string; apiKey: string }
  /** Variables that the shell sets for the agents. */
  agentSettings: Record<string, string>
}

/** Made once per data folder and kept in it, readable by its owner alone. */
export type StackKeys = {
  publishable: string
  secret: string
  /** HS256 secret that signs the tokens of people. */
  jwtSecret: string
  /** The password of every database role that may log in. */
  databasePassword: string
}

export const DATABASE_NAME = 'postgres'

export type LoginRole =
  | 'supabase_admin'
  | 'postgres'
  | 'authenticator'
  | 'supabase_auth_admin'
  | 'supabase_storage_admin'
  | 'supabase_realtime_admin'

export const apiUrl = (config: StackConfig) => `http://127.0.0.1:${config.ports.api}`
export const appUrl = (config: StackConfig) => `http://127.0.0.1:${config.ports.app}`
export const previewUrl = (config: StackConfig) => `http://preview.localhost:${config.ports.preview}`
export const modelUrl = (config: StackConfig) => `http://127.0.0.1:${config.ports.model}`

export function databaseUrl(config: StackConfig, role: LoginRole, database = DATABASE_NAME): string {
  const url = new URL(config.externalDatabaseUrl ?? `postgresql://127.0.0.1:${config.ports.database}/`)
  const isOwnersLogin = config.externalDatabaseUrl !== null && role === 'supabase_admin'
  if (!isOwnersLogin) {
    url.username = roleName(config, role)
    url.password = config.keys.databasePassword
  }
  if (config.externalDatabaseUrl === null || database !== DATABASE_NAME) url.pathname = `/${database}`
  return url.href
}

/** On an operator's own server the name `postgres` belongs to its superuser, unless that is called as on hosted. */
export function roleName(config: StackConfig, role: LoginRole): string {
  const url = config.externalDatabaseUrl
  const isTaken = url !== null && new URL(url).username !== 'supabase_admin'
  return role === 'postgres' && isTaken ? 'baton_owner' : role
}
