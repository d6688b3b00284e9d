/**
 * One connection: it reads frames, hands them to channels, and looks after its own bounds.
 *
 * - Reading: a frame that is no frame, or too many of them, closes the socket. While more than `maxPendingMessages` wait
 *   for the database, nothing more is read; the rest waits in the sender's own network buffer.
 * - Writing: nothing here waits for a reader. What a slow one has not taken yet is counted by the kernel's side of the
 *   socket; past `maxBufferedBytes` it is closed, and nobody else notices.
 * - Silence: clients send a heartbeat every 25 s; after `idleTimeoutMs` without a frame the socket is dropped.
 *
 * Closing sends the reason and, since a reader that is stuck will not answer, ends the connection a second later.
 */
import type { WebSocket } from 'ws'
import { Channel } from './channel.ts'
import {
  decodeFrame,
  encodeMessage,
  type Frame,
  type Incoming,
  MalformedFrame,
  type Vsn,
} from './protocol.ts'
import { RateWindow } from './rate-window.ts'
import { topicOf } from './rooms.ts'
import type { World } from './world.ts'

export type Handshake = { vsn: Vsn; token: string; headers: Record<string, string> }

const LAST_WORDS_MS = 1_000

export class Socket {
  readonly vsn: Vsn
  /** What the connection was opened with; a channel may bring its own. */
  readonly token: string
  readonly headers: Record<string, string>
  readonly #world: World
  readonly #webSocket: WebSocket
  readonly #channels = new Map<string, Channel>()
  readonly #frames: RateWindow
  readonly #joins: RateWindow
  readonly #events: RateWindow
  readonly #deliveries: RateWindow
  #waiting = 0
  #lastFrameAt = Date.now()
  #isClosing = false

  constructor(world: World, webSocket: WebSocket, handshake: Handshake) {
    const { settings } = world
    this.vsn = handshake.vsn
    this.token = handshake.token
    this.headers = handshake.headers
    this.#world = world
    this.#webSocket = webSocket
    this.#frames = new RateWindow(settings.socketFramesPerSecond, 10_000)
    this.#joins = new RateWindow(settings.socketJoinsPerSecond, 5_000)
    this.#events = new RateWindow(settings.socketEventsPerSecond, 60_000)
    this.#deliveries = new RateWindow(settings.socketDeliveriesPerSecond, 5_000)
    webSocket.on('message', (data, isBinary) => this.#read(data as Buffer, isBinary))
    webSocket.on('error', (error) => world.log.warn('a socket failed', { error: error.message }))
    webSocket.on('close', () => this.#end())
  }

  get channelCount(): number {
    return this.#channels.size
  }

  countJoin = (now: number) => this.#joins.add(1, now)
  countEvent = (now: number) => this.#events.add(1, now)
  countDeliveries = (count: number) => this.#deliveries.add(count, Date.now())

  countWaiting(change: number): void {
    this.#waiting += change
    if (this.#waiting > this.#world.settings.maxPendingMessages) this.#webSocket.pause()
    else if (this.#waiting === 0 && this.#webSocket.isPaused) this.#webSocket.resume()
  }

  send(frame: Frame): void {
    if (this.#isClosing) return
    this.#webSocket.send(frame.data, { binary: frame.binary })
    if (this.#webSocket.bufferedAmount > this.#world.settings.maxBufferedBytes) {
      this.close(1013, 'The connection reads too slowly')
    }
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#world.counters.closedSockets++
    this.#world.log.warn('closed a socket', { code, reason, buffered: this.#webSocket.bufferedAmount })
    this.#webSocket.close(code, reason)
    setTimeout(() => this.#webSocket.terminate(), LAST_WORDS_MS).unref()
    this.#disposeChannels()
  }

  dropIfSilent(now: number): void {
    if (now - this.#lastFrameAt > this.#world.settings.idleTimeoutMs) this.close(1001, 'No heartbeat')
  }

  forget(channel: Channel): void {
    for (const [topic, known] of this.#channels) if (known === channel) this.#channels.delete(topic)
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (this.#isClosing) return
    this.#lastFrameAt = Date.now()
    this.#world.counters.received++
    if (!this.#frames.add(1, this.#lastFrameAt)) {
      this.close(1008, 'Too many messages per second')
      return
    }
    try {
      this.#dispatch(decodeFrame(this.vsn, data, isBinary))
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error
      this.close(1007, error.message)
    }
  }

  #dispatch(message: Incoming): void {
    const { topic, event, joinRef } = message
    const channel = this.#channels.get(topic)
    const isStale = channel && joinRef !== null && joinRef !== channel.joinRef
    if (topic === 'phoenix' && event === 'heartbeat') this.#reply(message, 'ok', {})
    else if (event === 'phx_join' && topic.startsWith(topicOf(''))) this.#join(message, channel)
    else if (event === 'phx_leave' && (!channel || isStale)) this.#reply(message, 'ok', {})
    else if (channel) channel.receive(message)
    else this.#reply(message, 'error', { reason: 'unmatched topic' })
  }

  /** A topic that is joined again begins anew. */
  #join(message: Incoming, previous: Channel | undefined): void {
    if (previous) {
      const { joinRef } = previous
      const { topic } = message
      this.send(encodeMessage(this.vsn, { joinRef, ref: joinRef, topic, event: 'phx_close', payload: {} }))
      previous.dispose()
      this.#channels.delete(topic)
    }
    this.#channels.set(message.topic, new Channel(this.#world, this, message))
  }

  #reply(message: Incoming, status: 'ok' | 'error', response: unknown): void {
    const { joinRef, ref, topic } = message
    const payload = { status, response }
    this.send(encodeMessage(this.vsn, { joinRef, ref, topic, event: 'phx_reply', payload }))
  }

  #end(): void {
    this.#isClosing = true
    this.#disposeChannels()
  }

  #disposeChannels(): void {
    for (const channel of this.#channels.values()) channel.dispose()
    this.#channels.clear()
  }
}
