/**
 * Phoenix frames as Supabase speaks them. Version 1 is a JSON object, version 2 a JSON array, plus binary kinds:
 * 0 is Phoenix's own push, 3 a client's broadcast (JSON or raw), 4 a broadcast to a client. Nothing outside this folder
 * knows of them.
 */
import { isUtf8 } from 'node:buffer'

export type Vsn = 1 | 2
export type Ref = string | number | null
export type Frame = { data: Buffer; binary: boolean }

export type Payload =
  | { kind: 'json'; value: unknown }
  | { kind: 'user'; event: string; encoding: 'json' | 'raw'; bytes: Buffer }
  | { kind: 'raw'; bytes: Buffer }

export type Incoming = {
  joinRef: Ref
  ref: Ref
  topic: string
  event: string
  payload: Payload
  size: number
}
export type Outgoing = { joinRef: Ref; ref: Ref; topic: string; event: string; payload: unknown }

export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame'
}

const PUSH = 0
const USER_PUSH = 3
const USER_BROADCAST = 4
const JSON_ENCODING = 1
const MAX_LENGTH = 255

export function parseVsn(value: string | null): Vsn | null {
  if (value === null || /^1\.0\.\d+$/.test(value)) return 1
  return /^2\.0\.\d+$/.test(value) ? 2 : null
}

export function decodeFrame(vsn: Vsn, data: Buffer, binary: boolean): Incoming {
  if (!binary) {
    const head = vsn === 1 ? decodeObject(parseJson(data)) : decodeArray(parseJson(data))
    return { ...head, size: data.length }
  }
  if (vsn === 1) throw new MalformedFrame('Protocol version 1 has no binary frames')
  return decodeBinary(data)
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'))
  } catch {
    throw new MalformedFrame('The frame is not JSON')
  }
}

type Unmeasured = Omit<Incoming, 'size'>

function decodeObject(value: unknown): Unmeasured {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new MalformedFrame('The frame is not an object')
  }
  const { join_ref, ref, topic, event, payload } = value as Record<string, unknown>
  return message(join_ref, ref, topic, event, payload)
}

function decodeArray(value: unknown): Unmeasured {
  if (!Array.isArray(value) || value.length < 5) throw new MalformedFrame('The frame is not an array of five')
  return message(value[0], value[1], value[2], value[3], value[4])
}

function message(joinRef: unknown, ref: unknown, topic: unknown, event: unknown, value: unknown): Unmeasured {
  if (typeof topic !== 'string' || typeof event !== 'string') {
    throw new MalformedFrame('The frame names no topic or no event')
  }
  return { joinRef: asRef(joinRef), ref: asRef(ref), topic, event, payload: { kind: 'json', value } }
}

function asRef(value: unknown): Ref {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'number') return value
  throw new MalformedFrame('The ref is neither text nor number')
}

function decodeBinary(data: Buffer): Incoming {
  const kind = data[0]
  const lengths = kind === PUSH ? 4 : kind === USER_PUSH ? 5 : null
  if (lengths === null) throw new MalformedFrame(`Unknown binary kind ${kind}`)
  let offset = 1 + lengths + (kind === USER_PUSH ? 1 : 0)
  const parts: string[] = []
  for (const length of data.subarray(1, 1 + lengths)) {
    if (offset + length > data.length) throw new MalformedFrame('The binary frame is cut short')
    parts.push(decodeText(data.subarray(offset, offset + length)))
    offset += length
  }
  if (offset > data.length) throw new MalformedFrame('The binary frame is cut short')
  const [joinRef, ref, topic, event] = parts as [string, string, string, string]
  const bytes = data.subarray(offset)
  const head = { joinRef: joinRef || null, ref: ref || null, topic, size: bytes.length }
  if (kind === PUSH) return { ...head, event, payload: { kind: 'raw', bytes } }
  const encoding = data[1 + lengths] === JSON_ENCODING ? 'json' : 'raw'
  return { ...head, event: 'broadcast', payload: { kind: 'user', event, encoding, bytes } }
}

/** realtime-js writes one byte per character, which is Latin-1 for what is not ASCII. */
function decodeText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

export function encodeMessage(vsn: Vsn, message: Outgoing): Frame {
  return encodeJson(vsn, message, JSON.stringify(message.payload))
}

/** For a payload that is JSON text already. */
export function encodeJson(vsn: Vsn, head: Omit<Outgoing, 'payload'>, payload: string): Frame {
  const [joinRef, ref, topic, event] = [head.joinRef, head.ref, head.topic, head.event].map((part) =>
    JSON.stringify(part),
  )
  const text =
    vsn === 1
      ? `{"topic":${topic},"event":${event},"payload":${payload},"ref":${ref},"join_ref":${joinRef}}`
      : `[${joinRef},${ref},${topic},${event},${payload}]`
  return { data: Buffer.from(text), binary: false }
}

export type BroadcastContent =
  | {
      form: 'user'
      event: string
      encoding: 'json' | 'raw'
      bytes: Buffer
      meta?: { id: string; replayed?: true }
    }
  | { form: 'text'; payload: unknown }

/** A broadcast on its way to many sockets: encoded once per protocol version, whoever asks first. */
export class Broadcast {
  readonly #topic: string
  readonly #content: BroadcastContent
  readonly #frames = new Map<Vsn, Frame | null>()

  constructor(topic: string, content: BroadcastContent) {
    this.#topic = topic
    this.#content = content
  }

  get id(): string | null {
    return this.#content.form === 'user' ? (this.#content.meta?.id ?? null) : null
  }

  /** Null when that version cannot carry it: version 1 has no bytes. */
  frame(vsn: Vsn): Frame | null {
    let frame = this.#frames.get(vsn)
    if (frame === undefined) {
      frame = encodeBroadcast(vsn, this.#topic, this.#content)
      this.#frames.set(vsn, frame)
    }
    return frame
  }
}

function encodeBroadcast(vsn: Vsn, topic: string, content: BroadcastContent): Frame | null {
  const head = { joinRef: null, ref: null, topic, event: 'broadcast' }
  if (content.form === 'text') return encodeJson(vsn, head, JSON.stringify(content.payload))
  const binary = vsn === 2 ? encodeUserBroadcast(topic, content) : null
  if (binary || content.encoding === 'raw') return binary
  const meta = content.meta ? `,"meta":${JSON.stringify(content.meta)}` : ''
  const event = JSON.stringify(content.event)
  return encodeJson(
    vsn,
    head,
    `{"type":"broadcast","event":${event},"payload":${content.bytes.toString('utf8')}${meta}}`,
  )
}

/** Null when a name is too long for its one byte of length. */
export function encodeUserBroadcast(
  topic: string,
  content: Extract<BroadcastContent, { form: 'user' }>,
): Frame | null {
  const parts = [topic, content.event, content.meta ? JSON.stringify(content.meta) : ''].map((part) =>
    Buffer.from(part),
  )
  if (parts.some((part) => part.length > MAX_LENGTH)) return null
  const encoding = content.encoding === 'json' ? JSON_ENCODING : 0
  const header = Buffer.from([USER_BROADCAST, ...parts.map((part) => part.length), encoding])
  return { data: Buffer.concat([header, ...parts, content.bytes]), binary: true }
}
