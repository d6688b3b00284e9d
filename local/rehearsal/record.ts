/**
 * Records conversations with a real model as scenarios of the rehearsal model.
 *
 *   node scripts/bootstrap.mjs local/rehearsal/record.ts --name <name> [--port 4010] [--upstream <url>] [--out <folder>]
 */
import { once } from 'node:events'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { keepRecordings } from './recorder/keep.ts'
import { createRecordingProxy } from './recorder/proxy.ts'
import { OUR_SCENARIOS } from './start.ts'

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: 'recorded' },
    port: { type: 'string', default: '4010' },
    upstream: { type: 'string', default: 'https://api.anthropic.com' },
    out: { type: 'string', default: OUR_SCENARIOS },
  },
})
if (!/^[a-z][a-z0-9-]*$/.test(values.name)) {
  process.stderr.write(
    '--name is made of small letters, digits and "-", since it becomes the name of a folder.\n',
  )
  process.exit(2)
}

const keep = keepRecordings(values.out, values.name)
const server = createRecordingProxy(values.upstream, (messages) => {
  process.stdout.write(`Recorded ${messages.length} messages in ${relative('.', keep(messages))}\n`)
})
server.listen(Number(values.port), '127.0.0.1')
await once(server, 'listening')
process.stdout.write(
  `What is asked of http://127.0.0.1:${values.port} goes to ${values.upstream}, and is recorded in ${relative('.', values.out)}.\nStart Baton with ANTHROPIC_BASE_URL=http://127.0.0.1:${values.port} and your key, and say what shall be recorded.\n`,
)
