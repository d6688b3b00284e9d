/** The variables a function sees: those of hosted Supabase, those that the stack supplies, and the project's secrets. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { apiUrl, appUrl, databaseUrl, previewUrl, type StackConfig } from '../config.ts'

export function functionEnvironment(config: StackConfig, functionsDir: string): Record<string, string> {
  const { publishable, secret } = config.keys
  return {
    BATON_VERSION: packageVersion(config.rootDir),
    BATON_APP_URL: appUrl(config),
    BATON_PREVIEW_URL: previewUrl(config),
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(config.internal.smtp),
    SMTP_FROM: 'Baton <baton@baton.test>',
    ...readSecrets(functionsDir),
    ...config.agentSettings,
    BATON_MODEL_KIND: config.model.kind,
    ANTHROPIC_BASE_URL: config.model.baseUrl,
    ANTHROPIC_API_KEY: config.model.apiKey || 'rehearsal',
    SUPABASE_URL: apiUrl(config),
    SUPABASE_DB_URL: databaseUrl(config, 'postgres'),
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: publishable }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: secret }),
    SUPABASE_ANON_KEY: publishable,
    SUPABASE_SERVICE_ROLE_KEY: secret,
  }
}

function readSecrets(functionsDir: string): Record<string, string> {
  const path = join(functionsDir, '.env')
  if (!existsSync(path)) return {}
  const secrets = parseEnv(readFileSync(path, 'utf8')) as Record<string, string>
  const reserved = Object.keys(secrets).filter((name) => name.startsWith('SUPABASE_'))
  if (reserved.length > 0) {
    throw new Error(
      `${path} sets ${reserved.join(', ')}; names that begin with SUPABASE_ are supplied by the platform. Remove or rename them.`,
    )
  }
  return secrets
}

function packageVersion(rootDir: string): string {
  return JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')).version
}
