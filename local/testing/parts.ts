/** Parts of the stack on a database of the caller's, each in a process of its own, as `npm start` runs them. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import ws from 'ws'
import { apiUrl, type StackConfig } from '../config.ts'
import { openDataFolder } from '../launcher/data-folder.ts'
import { pickFreePorts } from '../launcher/ports.ts'
import { createParts, type Part } from '../launcher/supervisor.ts'
import type { PartName } from '../part.ts'
import type { Person } from './person.ts'
import { silentLog } from './throwaway.ts'

export type RunningParts = {
  config: StackConfig
  /** Which of them runs as which process; one that is killed is started again. */
  part(name: PartName): Part
  /** The official client, signed in. */
  client(person: Person): SupabaseClient
  [Symbol.asyncDispose](): Promise<void>
}

export async function startParts(database: StackConfig, names: PartName[]): Promise<RunningParts> {
  const config = await withPorts(database)
  openDataFolder(config.dataDir)
  const parts = createParts(names, config, silentLog, () => {})
  const clients: SupabaseClient[] = []

  const client = ({ token }: Person) => {
    const made = createClient(apiUrl(config), config.keys.publishable, {
      accessToken: async () => token,
      realtime: { transport: ws as never },
    })
    clients.push(made)
    return made
  }
  const dispose = async () => {
    await Promise.all(clients.map((made) => made.removeAllChannels()))
    await Promise.all(Object.values(parts).map((part) => part.stop()))
  }
  try {
    await Promise.all(Object.values(parts).map((part) => part.start()))
  } catch (error) {
    await dispose()
    throw error
  }
  return { config, part: (name) => parts[name], client, [Symbol.asyncDispose]: dispose }
}

async function withPorts(config: StackConfig): Promise<StackConfig> {
  const [api = 0, realtime = 0, functions = 0, smtp = 0, builder = 0, preview = 0] = await pickFreePorts(6)
  return {
    ...config,
    ports: { ...config.ports, api, preview },
    internal: { realtime, functions, smtp, builder },
  }
}
