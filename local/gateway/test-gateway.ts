/** A gateway on a database of its own, with everything that a test needs to talk to it. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { SignJWT } from 'jose'
import ws from 'ws'
import type { StackConfig } from '../config.ts'
import { createLog } from '../log.ts'
import type { Message, Summary } from '../mail/message.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type GatewayOptions, startGateway } from './gateway.ts'

/** Passwords are hashed as cheaply as the algorithm allows: it is not what is tested. */
process.env.LITE_AUTH_BCRYPT_COST = '4'

export type TestGateway = {
  database: TestDatabase
  config: StackConfig
  url: string
  smtpPort: number
  /** Every line that the gateway has logged. */
  logged: string[]
  client(options?: { key?: string; token?: string }): SupabaseClient
  token(claims: Record<string, unknown>): Promise<string>
  mailTo(address: string): Promise<Message>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startTestGateway(
  change: (config: StackConfig) => StackConfig = (config) => config,
  more: Partial<GatewayOptions> = {},
) {
  const database = await createTestDatabase()
  const config = change(database.config)
  const logged: string[] = []
  const log = createLog('gateway', (line) => logged.push(line))
  const gateway = await startGateway({ config, log, ...more })
  const url = `http://127.0.0.1:${gateway.port}`

  const token = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(config.keys.jwtSecret))

  const client: TestGateway['client'] = ({ key = config.keys.publishable, token } = {}) =>
    createClient(url, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: ws as never },
      ...(token ? { global: { headers: { Authorization: `Bearer ${token}` } } } : {}),
    })

  const getJson = async <Value>(path: string) => (await (await fetch(url + path)).json()) as Value
  const mailTo = async (address: string) => {
    const [newest] = await getJson<Summary[]>(`/mailbox/api/messages?to=${encodeURIComponent(address)}`)
    if (!newest) throw new Error(`No mail for ${address}.`)
    return getJson<Message>(`/mailbox/api/messages/${newest.id}`)
  }

  const dispose = async () => {
    await gateway.stop()
    await database[Symbol.asyncDispose]()
  }
  const { smtpPort } = gateway
  return {
    database,
    config,
    url,
    smtpPort,
    logged,
    client,
    token,
    mailTo,
    [Symbol.asyncDispose]: dispose,
  } satisfies TestGateway
}
