/** The same code on the Supabase CLI's own stack. Needs Docker; docs/deploy.md explains what happens. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { rootDir } from './root.ts'
import { runStep } from './run.ts'
import { tellDatabase } from './stack-settings.ts'
import { fail, supabase, supabaseJson } from './supabase-cli.ts'

const APP_URL = 'http://127.0.0.1:54322'
/** Inside the stack's own network, where the database and its pg_net live. */
const FUNCTIONS_URL = 'http://kong:8000/functions/v1'

if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) {
  fail('"supabase start" needs a running Docker: install or start it, or use "npm start", which needs none.')
}
supabase(
  ['start'],
  'The Supabase stack did not start: see the message above ("npx supabase stop" clears a half-started one).',
)

type Answer = Partial<Record<'API_URL' | 'PUBLISHABLE_KEY' | 'SECRET_KEY', string>>
const { API_URL, PUBLISHABLE_KEY, SECRET_KEY } = supabaseJson(
  ['status'],
  'The Supabase stack does not say where it is.',
) as Answer
if (!API_URL || !PUBLISHABLE_KEY || !SECRET_KEY) {
  fail('"supabase status" named no API_URL, PUBLISHABLE_KEY and SECRET_KEY: update the CLI ("npm install").')
}
tellDatabase({ appUrl: APP_URL, functionsUrl: FUNCTIONS_URL, secretKey: SECRET_KEY }, [])

const environment = {
  VITE_API_URL: API_URL,
  VITE_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
  VITE_PREVIEW_URL: 'http://preview.localhost:54323',
}
const outDir = join(rootDir, 'dist-hosted')
if (!runStep({ name: 'vite build', command: 'vite', args: ['build', '--outDir', outDir], environment })) {
  fail('The app was not built: see the message above.')
}
console.log(`\nBaton is at ${APP_URL}; Ctrl-C stops serving it, and "npx supabase stop" stops the stack.`)
runStep({
  name: 'vite preview',
  command: 'vite',
  args: ['preview', '--outDir', outDir, '--host', '127.0.0.1', '--port', '54322', '--strictPort'],
  environment,
})
