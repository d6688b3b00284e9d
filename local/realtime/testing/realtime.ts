/** A database of its own with a realtime server on it, and clients that go away with them. */
import {
  createClient,
  type RealtimeChannel,
  type RealtimeClientOptions,
  type SupabaseClient,
} from '@supabase/supabase-js'
import { SignJWT } from 'jose'
import type postgres from 'postgres'
import { WebSocket } from 'ws'
import type { Fields, Log } from '../../log.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts'
import { type RunningRealtime, startRealtime } from '../server.ts'
import type { Settings } from '../settings.ts'
import { type RawOptions, RawSocket } from './raw-socket.ts'

/** Refusals without their delays, so that tests need not wait for them. */
const QUICK: Partial<Settings> = {
  joinErrorDelayMs: 1,
  handshakeErrorDelayMs: 1,
  presenceDiffMs: 5,
  subscribeRetryMs: { least: 50, most: 60 },
}

export type TestRealtime = {
  database: TestDatabase
  port: number
  server: RunningRealtime
  logged: { message: string; fields: Fields }[]
  /** As the migration role. */
  sql: postgres.Sql
  raw(options?: RawOptions): Promise<RawSocket>
  client(token?: string | null, options?: RealtimeClientOptions): Promise<SupabaseClient>
  token(claims?: Record<string, unknown>): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

export async function testRealtime(settings: Partial<Settings> = {}): Promise<TestRealtime> {
  const database = await createTestDatabase()
  const logged: TestRealtime['logged'] = []
  const note = (message: string, fields: Fields = {}) => void logged.push({ message, fields })
  const log: Log = { debug() {}, info: note, warn: note, error: note }
  const server = await startRealtime({ config: database.config, log, settings: { ...QUICK, ...settings } })
  const closing: (() => unknown)[] = []

  return {
    database,
    port: server.port,
    server,
    logged,
    sql: database.sql('postgres'),
    token: (claims) => signToken(database.config.keys.jwtSecret, claims),
    async raw(options) {
      const socket = await RawSocket.open(server.port, options)
      closing.push(() => socket.close())
      return socket
    },
    async client(token = null, options = {}) {
      const client = await connectClient(server.port, token, options)
      closing.push(() => client.realtime.disconnect())
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing) void close()
      await server.stop()
      await database[Symbol.asyncDispose]()
    },
  }
}

export async function connectClient(
  port: number,
  token: string | null,
  options: RealtimeClientOptions = {},
): Promise<SupabaseClient> {
  const client = createClient(`http://127.0.0.1:${port}`, 'sb_publishable_for_tests', {
    ...(token === null ? {} : { accessToken: async () => token }),
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never, ...options },
  })
  await client.realtime.setAuth()
  return client
}

export const SAM = '00000000-0000-4000-8000-00000000005a'

export function signToken(secret: string, claims: Record<string, unknown> = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 3_600
  return new SignJWT({ role: 'authenticated', sub: SAM, exp, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret))
}

/** Resolves with the first status that is final. */
export function subscribed(channel: RealtimeChannel): Promise<{ status: string; error: Error | undefined }> {
  return new Promise((resolve) => channel.subscribe((status, error) => resolve({ status, error })))
}

/** Collects what comes, and waits until it is enough. */
export function inbox<T>() {
  const items: T[] = []
  const waiting = new Set<() => void>()
  return {
    items,
    add(item: T) {
      items.push(item)
      for (const check of [...waiting]) check()
    },
    async until(isEnough: (items: T[]) => boolean): Promise<T[]> {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`Only this came: ${JSON.stringify(items)}`)), 15_000)
        const check = () => {
          if (!isEnough(items)) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
      return items
    },
    has(count: number) {
      return this.until((all) => all.length >= count)
    },
  }
}
