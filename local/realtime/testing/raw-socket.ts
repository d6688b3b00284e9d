/** A socket without a client library: what tests say is what is on the wire. */
import { once } from 'node:events'
import { WebSocket } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every shape
type Loose = any

export type Message = { joinRef: unknown; ref: unknown; topic: string; event: string; payload: Loose }

export type RawOptions = {
  vsn?: 1 | 2
  apikey?: string
  path?: string
  headers?: Record<string, string>
}

const PATIENCE_MS = 5_000

export class RawSocket {
  readonly messages: Message[] = []
  readonly binaryFrames: Buffer[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  readonly webSocket: WebSocket
  readonly #vsn: 1 | 2
  readonly #waiting = new Set<() => void>()
  #ref = 0

  private constructor(webSocket: WebSocket, vsn: 1 | 2) {
    this.webSocket = webSocket
    this.#vsn = vsn
    webSocket.on('error', () => {})
    webSocket.on('message', (data: Buffer, isBinary) => this.#read(data, isBinary))
    this.closed = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
  }

  static async open(port: number, options: RawOptions = {}): Promise<RawSocket> {
    const {
      vsn = 2,
      apikey = 'sb_publishable_for_tests',
      path = '/realtime/v1/websocket',
      headers = {},
    } = options
    const url = `ws://127.0.0.1:${port}${path}?apikey=${apikey}&vsn=${vsn}.0.0`
    const webSocket = new WebSocket(url, { headers })
    const socket = new RawSocket(webSocket, vsn)
    await once(webSocket, 'open')
    return socket
  }

  send(
    topic: string,
    event: string,
    payload: unknown,
    options: { ref?: string; joinRef?: string | null } = {},
  ) {
    const { ref = String(++this.#ref), joinRef = null } = options
    this.webSocket.send(
      JSON.stringify(
        this.#vsn === 1
          ? { topic, event, payload, ref, join_ref: joinRef }
          : [joinRef, ref, topic, event, payload],
      ),
    )
    return ref
  }

  /** Sends and waits for the reply. */
  async ask(topic: string, event: string, payload: unknown = {}) {
    const ref = this.send(topic, event, payload)
    const reply = await this.next((message) => message.event === 'phx_reply' && message.ref === ref)
    return reply.payload as { status: 'ok' | 'error'; response: Loose }
  }

  join = (name: string, config: unknown = {}, more: Record<string, unknown> = {}) =>
    this.ask(`realtime:${name}`, 'phx_join', { config, ...more })

  /** The first message, of those that came and those to come, that fits. */
  async next(fits: (message: Message) => boolean): Promise<Message> {
    const found = () => this.messages.find(fits)
    await this.until(() => found() !== undefined)
    return found()!
  }

  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!isTrue()) return
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve()
      }
      const timer = setTimeout(
        () => reject(new Error(`Nothing that fits came: ${JSON.stringify(this.messages).slice(0, 1_000)}`)),
        PATIENCE_MS,
      )
      this.#waiting.add(check)
      check()
    })
  }

  of = (event: string) => this.messages.filter((message) => message.event === event)

  close(): void {
    this.webSocket.terminate()
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.binaryFrames.push(data)
    this.messages.push(isBinary ? decodeBroadcast(data) : this.#decodeText(data.toString()))
    for (const check of [...this.#waiting]) check()
  }

  #decodeText(text: string): Message {
    const frame = JSON.parse(text)
    if (this.#vsn === 1) return { ...frame, joinRef: frame.join_ref }
    const [joinRef, ref, topic, event, payload] = frame
    return { joinRef, ref, topic, event, payload }
  }
}

function decodeBroadcast(data: Buffer): Message {
  const [topicLength, eventLength, metaLength, encoding] = data.subarray(1, 5)
  let offset = 5
  const take = (length: number) => {
    offset += length
    return data.subarray(offset - length, offset).toString()
  }
  const [topic, event, meta] = [take(topicLength!), take(eventLength!), take(metaLength!)]
  const bytes = data.subarray(offset)
  const payload = {
    type: 'broadcast',
    event,
    payload: encoding === 1 ? JSON.parse(bytes.toString()) : bytes,
    ...(meta ? { meta: JSON.parse(meta) } : {}),
  }
  return { joinRef: null, ref: null, topic, event: 'broadcast', payload }
}
