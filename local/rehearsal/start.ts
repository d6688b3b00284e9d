/** A model without a key: speaks Anthropic's protocol, streaming included, and answers from scripts. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { rootDir } from '../../scripts/root.ts'
import type { PartContext, RunningPart } from '../part.ts'
import { loadScripts } from './script/load.ts'
import { createModelServer } from './serve.ts'

export type ModelOptions = PartContext & {
  scenariosDir?: string
  /** `real`, `instant`, or how many times faster than real. */
  pace?: string | undefined
}

export const OUR_SCENARIOS = join(rootDir, 'local/rehearsal/scenarios')

export async function startModel({
  config,
  log,
  scenariosDir = OUR_SCENARIOS,
  pace = process.env.BATON_REHEARSAL_PACE,
}: ModelOptions): Promise<RunningPart & { port: number }> {
  const scripts = loadScripts(scenariosDir)
  const server = createModelServer(scripts, pace)
  server.listen(config.ports.model, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  log.info('rehearsal model listens', { port, scripts: scripts.length, pace: pace ?? 'real' })
  return {
    port,
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
