/**
 * This folder is the only place that knows @supabase/lite, Supabase's own data API, auth and storage in TypeScript.
 * Three of its apps run here, each on connections of the role that the service has on hosted Supabase.
 */
import { setExperimental } from '@supabase/lite'
import { databaseUrl, type LoginRole, type StackConfig } from '../../config.ts'
import type { Log } from '../../log.ts'
import { type Call, duringCall } from '../call.ts'
import { createAuth, type SendAuthMail } from './auth.ts'
import { CallerConnection, DataConnection, PooledConnection } from './connections.ts'
import { createDataApi } from './data-api.ts'
import { Schema } from './schema.ts'
import { createStorage } from './storage.ts'

export type SupaliteOptions = {
  config: StackConfig
  storageFolder: string
  sendMail: SendAuthMail
  log: Log
}

export type Service = 'rest' | 'auth' | 'storage'
export type Supalite = {
  serve(service: Service, request: Request, call: Call): Promise<Response>
  /** Rejects with the reason when the service cannot work. */
  probe(service: Service | 'database'): Promise<void>
  stop(): Promise<void>
}

export async function startSupalite(options: SupaliteOptions): Promise<Supalite> {
  const { config, log } = options
  const urlOf = (role: LoginRole) => databaseUrl(config, role)
  setExperimental('storage', true)
  const schema = new Schema(urlOf('postgres'), log)
  const connections = {
    rest: new DataConnection(urlOf('authenticator'), schema, 'public, extensions', 10),
    auth: new PooledConnection(urlOf('supabase_auth_admin'), 4),
    storage: new CallerConnection(urlOf('supabase_storage_admin'), schema, 'storage, public, extensions', 4),
  }
  const apps = {
    rest: createDataApi(connections.rest, log),
    auth: createAuth(connections.auth, config, options.sendMail),
    storage: await createStorage(connections.storage, config, options.storageFolder),
  }
  await schema.follow()

  return {
    serve: (service, request, call) => duringCall(call, async () => apps[service].fetch(request)),
    async probe(service) {
      await (service === 'database' ? schema : connections[service]).pool.query('select 1')
      if (service === 'rest') await schema.current()
    },
    async stop() {
      await Promise.all([
        schema.close(),
        ...Object.values(connections).map((connection) => connection.close()),
      ])
    },
  }
}
