/** What the preview host is told by its environment when it runs on its own, or a sentence about what is missing. */
export type HostSettings = {
  databaseUrl: string
  apiUrl: string
  secretKey: string
  appOrigins: string[]
  preview: string
  apps: string
  cacheDir: string | undefined
  listenOn: { host: string; port: number }
}

type Environment = Record<string, string | undefined>

const NEEDED = [
  'DATABASE_URL',
  'SUPABASE_URL',
  'SUPABASE_SECRET_KEY',
  'BATON_APP_URL',
  'BATON_PREVIEW_DOMAIN',
  'BATON_APPS_DOMAIN',
] as const

export function readHostSettings(environment: Environment): HostSettings | string {
  const missing = NEEDED.filter((name) => !environment[name])
  if (missing.length > 0) return `Set ${missing.join(', ')}; docs/deploy.md says to what.`
  const get = (name: (typeof NEEDED)[number]) => environment[name] ?? ''
  const appUrls = get('BATON_APP_URL').split(/[\s,]+/)
  if (!appUrls.every((url) => URL.canParse(url)))
    return 'BATON_APP_URL is no address: write it like https://baton.example.com.'
  const domains = [get('BATON_PREVIEW_DOMAIN'), get('BATON_APPS_DOMAIN')].map((domain) =>
    domain.toLowerCase(),
  )
  const wrong = domains.find((domain) => !/^[a-z0-9.-]+(:\d{1,5})?$/.test(domain))
  if (wrong)
    return `"${wrong}" is no domain: write it like preview.example.com, without https:// and without an asterisk.`
  const port = Number(environment.PORT ?? 8080)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return `PORT is "${environment.PORT}": give one between 1 and 65535.`
  return {
    databaseUrl: get('DATABASE_URL'),
    apiUrl: get('SUPABASE_URL').replace(/\/+$/, ''),
    secretKey: get('SUPABASE_SECRET_KEY'),
    appOrigins: appUrls.map((url) => new URL(url).origin),
    preview: domains[0] ?? '',
    apps: domains[1] ?? '',
    cacheDir: environment.BATON_BLOB_CACHE || undefined,
    listenOn: { host: environment.HOST ?? '127.0.0.1', port },
  }
}
