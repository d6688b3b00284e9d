/**
 * The same code on hosted Supabase: links the project, pushes migrations, sets secrets, deploys the functions, builds
 * the app, and says what to host where. Every step may be repeated. docs/deploy.md explains each.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { securityHeaders } from '../services/app/security-headers.ts'
import { pickKeys, readDeployOptions } from './deploy-options.ts'
import { rootDir } from './root.ts'
import { runStep } from './run.ts'
import { tellDatabase } from './stack-settings.ts'
import { fail, supabase, supabaseJson } from './supabase-cli.ts'

const options = readDeployOptions(process.argv.slice(2), process.env)
if (typeof options === 'string') fail(options)
const { projectRef, appUrl, withDemo } = options
const apiUrl = `https://${projectRef}.supabase.co`

supabaseJson(
  ['projects', 'list'],
  'The Supabase CLI is not signed in: run "npx supabase login", or set SUPABASE_ACCESS_TOKEN to a token from the dashboard (Account → Access Tokens).',
)
supabase(
  ['link', '--project-ref', projectRef],
  'The project could not be linked: check the ref, and that your account may administer it.',
)
supabase(
  ['db', 'push', '--remote', '--yes', ...(withDemo ? ['--include-seed'] : [])],
  'The migrations were not all applied. If the password of the database was asked for, set SUPABASE_DB_PASSWORD and run this again.',
)

const secretsFile = join(rootDir, 'supabase/functions/.env')
if (existsSync(secretsFile)) {
  supabase(['secrets', 'set', '--env-file', secretsFile], 'The secrets of the functions were not set.')
} else {
  console.log('\nsupabase/functions/.env is not there, so no secrets were set (docs/deploy.md lists them).')
}
const { version } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as { version: string }
supabase(
  ['secrets', 'set', `BATON_VERSION=${version}`, `BATON_APP_URL=${appUrl}`],
  'The functions were not told the version and the address of the app.',
)
supabase(['functions', 'deploy', '--use-api'], 'The functions were not deployed: see the message above.')

const keys = pickKeys(
  supabaseJson(['projects', 'api-keys', '--reveal'], 'The API keys of the project could not be read.'),
)
if (!keys) {
  fail(
    'The project has no publishable and secret API keys yet: create them in the dashboard (Settings → API Keys).',
  )
}
tellDatabase({ appUrl, functionsUrl: `${apiUrl}/functions/v1`, secretKey: keys.secret }, ['--remote'])

const previewUrl = process.env.BATON_PREVIEW_URL ?? appUrl.replace('://', '://preview.')
const built = runStep({
  name: 'vite build',
  command: 'vite',
  args: ['build', '--outDir', join(rootDir, 'dist-hosted')],
  environment: {
    VITE_API_URL: apiUrl,
    VITE_PUBLISHABLE_KEY: keys.publishable,
    VITE_PREVIEW_URL: previewUrl,
  },
})
if (!built) fail('The app was not built: see the message above.')
const headers = Object.entries(securityHeaders({ apiUrl, previewUrl }))
writeFileSync(
  join(rootDir, 'dist-hosted/_headers'),
  `/*\n${headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')}`,
)

console.log(`
Deployed to ${apiUrl}

What is left to do by hand:
  1. Host the folder dist-hosted/ at ${appUrl}, as static files with a fallback to index.html.
     dist-hosted/_headers holds the security headers, in the form that Cloudflare Pages and Netlify read;
     elsewhere set the same ones.
  2. In the dashboard, Authentication → URL Configuration: site URL ${appUrl}, redirect URL ${appUrl}/**
  3. In the dashboard, Authentication → SMTP Settings: the mail server of your own, for mails to strangers.`)
