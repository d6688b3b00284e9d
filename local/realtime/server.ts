/**
 * Realtime in one process: sockets and HTTP in front, one reader of the database's log behind, rooms in between.
 *
 * The path of a broadcast from the database has no timer and no queue: commit → wal sender → `Replication` → room →
 * sockets, within one turn of the event loop after the bytes arrive. The start does not wait for the database: sockets
 * are taken at once, and joins wait for the log (at most `databaseWaitMs`).
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { databaseUrl, type StackConfig } from '../config.ts'
import type { Log } from '../log.ts'
import type { OnSocket } from '../sockets.ts'
import { Authorizer } from './authorize.ts'
import { Changes } from './changes.ts'
import { connect } from './database.ts'
import { readHandshake, refuseUpgrade } from './handshake.ts'
import { Held } from './held.ts'
import { answer } from './http.ts'
import type { RowChange } from './log-stream.ts'
import { type DatabaseMessage, toDatabaseMessage } from './messages.ts'
import { keepPartitions } from './partitions.ts'
import { RateWindow } from './rate-window.ts'
import { Replication } from './replication.ts'
import { Rooms } from './rooms.ts'
import { parseRoute } from './routes.ts'
import { DEFAULTS, type Settings } from './settings.ts'
import { Socket } from './socket.ts'
import { Counters, readStats, type Stats } from './stats.ts'
import { Tokens } from './tokens.ts'
import type { World } from './world.ts'

export type RealtimeOptions = {
  config: StackConfig
  log: Log
  settings?: Partial<Settings>
  /** Instead of the one in the configuration; 0 takes a free one. */
  port?: number
  /** Sockets that came in elsewhere, before their request was answered. */
  onSocket?: OnSocket
}

export type RunningRealtime = { port: number; stats(): Stats; stop(): Promise<void> }

const RATE_WINDOW_MS = 60_000
const SWEEP_MS = 5_000

export async function startRealtime(options: RealtimeOptions): Promise<RunningRealtime> {
  const { config, log } = options
  const settings = { ...DEFAULTS, ...options.settings }
  const dropsSlot = options.settings?.dropsSlotOnStop ?? config.externalDatabaseUrl !== null
  const url = databaseUrl(config, 'supabase_realtime_admin')
  const sql = connect(url, settings.poolSize, log)
  const changesSql = connect(url, settings.changesPoolSize, log)
  const sockets = new Set<Socket>()

  const rooms = new Rooms(settings.presenceDiffMs)
  const counters = new Counters()
  const graceUntil = Date.now() + settings.rejoinGraceMs
  const held = new Held<DatabaseMessage>(graceUntil, settings.maxHeldBytes)
  const heldChanges = new Held<RowChange>(graceUntil, settings.maxHeldBytes)
  const changes = new Changes(changesSql, heldChanges, settings, log)
  const replication = new Replication(
    url,
    sql,
    {
      message(row) {
        const message = toDatabaseMessage(row)
        if (!message) return
        counters.fromDatabase++
        const { topic, isPrivate, broadcast } = message
        counters.deliver(rooms.find(topic, isPrivate)?.broadcast(broadcast) ?? 0)
        if (replication.resumed) held.add(message, message.bytes, Date.now())
      },
      change(change) {
        const delivered = changes.handle(change)
        if (replication.resumed) heldChanges.add(change, change.bytes, Date.now())
        if (delivered) counters.changes++
        return delivered
      },
      gap() {
        for (const socket of sockets) socket.close(1012, 'Realtime is restarting')
      },
    },
    settings,
    log,
  )
  const world: World = {
    settings,
    log,
    sql,
    tokens: new Tokens(config.keys),
    authorizer: new Authorizer(sql, log),
    rooms,
    changes,
    replication,
    held,
    counters,
    rates: {
      joins: new RateWindow(settings.joinsPerSecond, RATE_WINDOW_MS),
      events: new RateWindow(settings.eventsPerSecond, RATE_WINDOW_MS),
      presence: new RateWindow(settings.presenceEventsPerSecond, RATE_WINDOW_MS),
    },
    isStopping: false,
  }

  const stopping = new AbortController()
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: settings.maxFrameBytes,
    perMessageDeflate: false,
  })
  const http = createServer((request, response) => {
    void answer(world, parseRoute(urlOf(request)), request, response)
  })
  http.on('upgrade', (request, stream, head) => void upgrade(request, stream, head))
  http.keepAliveTimeout = 30_000
  options.onSocket?.((socket) => http.emit('connection', socket))

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    stream.on('error', () => stream.destroy())
    const target = urlOf(request)
    if (parseRoute(target).name !== 'websocket') return refuseUpgrade(stream, 404, 'Not found')
    const outcome = await readHandshake(world, target, request)
    if (!outcome.ok) {
      log.warn('refused a socket', { status: outcome.status, error: outcome.error })
      await delay(settings.handshakeErrorDelayMs, undefined, { signal: stopping.signal }).catch(() => {})
      return refuseUpgrade(stream, outcome.status, outcome.error)
    }
    webSockets.handleUpgrade(request, stream, head, (webSocket) => {
      const socket = new Socket(world, webSocket, outcome.handshake)
      sockets.add(socket)
      counters.sockets++
      webSocket.on('close', () => {
        sockets.delete(socket)
        counters.sockets--
      })
    })
  }

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port ?? config.internal.realtime, '127.0.0.1', resolve)
  })
  const sweep = setInterval(() => {
    for (const socket of sockets) socket.dropIfSilent(Date.now())
  }, SWEEP_MS)
  const partitions = keepPartitions(sql, settings, log)
  replication.start()
  await replication.whenStreaming(settings.databaseWaitMs)

  return {
    port: (http.address() as AddressInfo).port,
    stats: () => readStats(counters, replication.status),
    async stop() {
      world.isStopping = true
      stopping.abort()
      clearInterval(sweep)
      partitions.stop()
      changes.stop()
      for (const socket of sockets) socket.close(1012, 'Realtime is restarting')
      await replication.stop({ dropSlot: dropsSlot })
      for (const client of webSockets.clients) client.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await Promise.all([sql.end({ timeout: 1 }), changesSql.end({ timeout: 1 })])
    },
  }
}

const urlOf = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://localhost')
