/**
 * Every bench, or those that are named, one after the other, with short settings: that they work, and roughly where the
 * figures are.
 */
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

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !BENCHES.includes(name))
if (unknown) {
  process.stderr.write(`There is no bench "${unknown}": choose from ${BENCHES.join(', ')}.\n`)
  process.exit(1)
}
const failed = (asked.length > 0 ? asked : BENCHES).filter((name) => {
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
