import { rootDir } from '../../scripts/root.ts'
import { parseLocalEnvironment } from './environment.ts'
import { launch } from './launch.ts'
import { LaunchError } from './launch-error.ts'
import { readOptions } from './options.ts'

// A terminal that was closed must not end what is still stopping in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

try {
  const options = readOptions(process.argv.slice(2), parseLocalEnvironment(rootDir), rootDir)
  await launch(rootDir, options, (line) => process.stdout.write(`${line}\n`))
} catch (error) {
  const sentence = error instanceof Error ? error.message : String(error)
  process.stderr.write(`\nBaton could not start: ${sentence}\n`)
  if (!(error instanceof LaunchError) && process.env.BATON_DEBUG) console.error(error)
  process.exit(1)
}
