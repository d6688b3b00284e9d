/** Every bench, one after the other, with short settings: that they work, and roughly where the figures are. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BENCHES = [
  'initial-js',
  'time-to-interactive',
  'start',
  'data-api',
  'commit-to-client',
  'fan-out',
  'commit-to-dom',
  'markdown',
  'long-chat',
  'catch-up',
  'tool-start',
  'ten-tools',
  'durable-step',
  'takeover',
  'turn-cost',
  'escalations',
  'escalate-to-card',
  'build-rows',
  'previews',
]

const failed = BENCHES.filter((name) => {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', path, '--short'], {
    stdio: 'inherit',
    timeout: 300_000,
  })
  return status !== 0
})
if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.join(', ')}\n`)
  process.exit(1)
}
