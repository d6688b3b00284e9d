/**
 * A part is one process of the embedded stack. The launcher forks it with an IPC channel and the configuration in
 * BATON_STACK; the part says `ready` over that channel when it can serve. It stops on SIGTERM, SIGINT, or when the
 * channel closes: so a launcher that is killed leaves nothing behind.
 */
import type { StackConfig } from './config.ts'
import { createLog, type Log } from './log.ts'
import type { SocketMessage } from './sockets.ts'

export type PartName =
  | 'postgres'
  | 'realtime'
  | 'gateway'
  | 'functions'
  | 'ticker'
  | 'model'
  | 'app'
  | 'builder'
  | 'preview'

export type PartContext = { config: StackConfig; log: Log }
export type RunningPart = { stop(): Promise<void> }
const PATIENCE_TO_STOP_MS = 10_000

/** A part loads its code at once, and starts when the launcher says so. */
export const GO = { type: 'go' }
export type PartMessage = { type: 'ready' } | { type: 'failed'; message: string } | SocketMessage

export async function runPart(
  name: PartName,
  start: (context: PartContext) => Promise<RunningPart>,
): Promise<void> {
  const log = createLog(name)
  const config = JSON.parse(process.env.BATON_STACK ?? 'null') as StackConfig | null
  if (!config) {
    process.stderr.write(`The part "${name}" is started by "npm start", not by hand.\n`)
    process.exit(2)
  }

  // Whoever read the log may be gone; to fail over that, and log the failure, would never end.
  process.stdout.on('error', () => {})

  let running: RunningPart | undefined
  let stopping = false
  const stop = async (reason: string, code = 0) => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), PATIENCE_TO_STOP_MS).unref()
    log.info('stopping', { reason })
    await running?.stop().catch((error: unknown) => log.error('did not stop cleanly', { error }))
    process.exit(code)
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('disconnect', () => void stop('the launcher is gone'))
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception', { error })
    void stop('uncaught exception', 1)
  })
  process.on('unhandledRejection', (error) => {
    log.error('unhandled rejection', { error })
    void stop('unhandled rejection', 1)
  })

  if (!process.connected) process.exit(0) // the launcher was gone before this was loaded
  try {
    await new Promise((go) => process.once('message', go))
    running = await start({ config, log })
    if (stopping) await running.stop()
    log.info('ready')
    process.send?.({ type: 'ready' } satisfies PartMessage)
  } catch (error) {
    log.error('could not start', { error })
    process.send?.({
      type: 'failed',
      message: error instanceof Error ? error.message : String(error),
    } satisfies PartMessage)
    await stop('could not start', 1)
  }
}
