import { join } from 'node:path'
import { runPart } from '../part.ts'
import { requireUsableServer } from './external.ts'
import { startPostgres } from './server.ts'

await runPart('postgres', async ({ config, log }) => {
  if (config.externalDatabaseUrl) {
    await requireUsableServer(config.externalDatabaseUrl)
    return { stop: async () => {} }
  }
  const server = await startPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    port: config.ports.database,
    password: config.keys.databasePassword,
    log,
  })
  let stopping = false
  void server.exited.then(() => {
    if (stopping) return
    log.error('Postgres ended')
    process.exit(1)
  })
  const stop = () => {
    stopping = true
    return server.stop()
  }
  return { stop }
})
