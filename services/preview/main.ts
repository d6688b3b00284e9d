/** The preview host on its own, anywhere that Node runs. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootDir } from '../../scripts/root.ts'
import { startPreview } from './node/start.ts'
import { readHostSettings } from './settings.ts'

const settings = readHostSettings(process.env)
if (typeof settings === 'string') {
  process.stderr.write(`The preview host could not start: ${settings}\n`)
  process.exit(2)
}
const { preview, apps, cacheDir = join(tmpdir(), 'baton-blobs'), ...rest } = settings
const write = (fields: Record<string, unknown>) =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), part: 'preview', ...fields })}\n`)
const host = await startPreview({
  ...rest,
  rootDir,
  cacheDir,
  domains: () => ({ preview, apps, customDomains: true }),
  report: (message, error) =>
    write({ level: 'warn', message, error: String(error), cause: String((error as Error).cause ?? '') }),
})
write({ level: 'info', message: 'ready', port: host.port })
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void host.stop().then(() => process.exit(0)))
}
