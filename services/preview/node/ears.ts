/**
 * Listens on channels, and always knows whether it would hear. (`sql.listen` listens again by itself, but does not tell
 * that it was deaf in the meantime, which is when remembered rows may be wrong.)
 */
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'

const AGAIN_MS = 250

export type Ears = { close(): Promise<void> }

export async function openEars(
  databaseUrl: string,
  channels: Record<string, (payload: string) => void>,
  hearing: (is: boolean) => void,
): Promise<Ears> {
  let isClosed = false
  const all = Object.keys(channels)
    .map((channel) => `listen ${channel}`)
    .join('; ')
  const sql = postgres(databaseUrl, {
    max: 1,
    idle_timeout: undefined,
    max_lifetime: null,
    fetch_types: false,
    connect_timeout: 5,
    backoff: () => 0.25,
    onnotice: () => {},
    connection: { application_name: 'baton preview ears' },
    onnotify: (channel: string, payload: string) => channels[channel]?.(payload),
    onclose: () => {
      hearing(false)
      if (!isClosed) void listen()
    },
  } as postgres.Options<Record<string, never>>)

  let listening: Promise<void> | undefined
  const listen = (): Promise<void> => {
    listening ??= tryToListen()
    return listening
  }

  const tryToListen = async () => {
    while (!isClosed) {
      try {
        await sql.unsafe(all).simple()
        listening = undefined
        return hearing(true)
      } catch {
        await delay(AGAIN_MS)
      }
    }
  }

  // The first time may fail, so that whoever starts learns of it.
  await sql.unsafe(all).simple()
  hearing(true)
  return {
    async close() {
      isClosed = true
      await sql.end({ timeout: 1 })
    },
  }
}
