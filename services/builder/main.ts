/** A builder by itself, told by the environment what it needs; start more of them to build more at once. */
import { createLog } from '../../supabase/functions/_shared/log.ts'
import { startBuilder } from './builder.ts'
import { readBuilderSettings } from './settings.ts'

const settings = readBuilderSettings(process.env)
if (typeof settings === 'string') {
  process.stderr.write(`The builder could not start: ${settings}\n`)
  process.exit(2)
}
const log = createLog({ part: 'builder' })
// Its children are given nothing of this; what is not needed any more need not be there either.
for (const name of ['DATABASE_URL', 'SUPABASE_SECRET_KEY']) delete process.env[name]

const builder = await startBuilder({ ...settings, log }).catch((error: unknown) => {
  process.stderr.write(
    `The builder could not start: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exit(1)
})
log.info('ready')
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void builder.stop().then(() => process.exit(0)))
}
