/** Broadcasts by HTTP: many in one request, or one whose topic and event are in the path. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Unanswered } from './authorize.ts'
import { Broadcast, type BroadcastContent } from './protocol.ts'
import { topicOf } from './rooms.ts'
import type { Route } from './routes.ts'
import { readStats, renderMetrics } from './stats.ts'
import type { Claims } from './tokens.ts'
import type { World } from './world.ts'

type Reply = { status: number; body?: unknown; text?: string }
type Caller = { claims: Claims; headers: Record<string, string> }

/** An answer other than 202, thrown from wherever it is found out. */
class Rejection extends Error {
  readonly reply: Reply
  constructor(status: number, body: unknown) {
    super(JSON.stringify(body))
    this.reply = { status, body }
  }
}

export async function answer(
  world: World,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body, text } = await respond(world, route, request).catch((error: unknown) => {
    if (error instanceof Rejection) return error.reply
    if (error instanceof Unanswered) return { status: 422, body: { message: error.message } } as Reply
    world.log.error('a request failed', { error })
    return { status: 500, body: { message: 'Internal server error' } } as Reply
  })
  const content = text ?? (body === undefined ? '' : JSON.stringify(body))
  response.writeHead(status, {
    'content-type': text === undefined ? 'application/json' : 'text/plain; version=0.0.4',
    'content-length': Buffer.byteLength(content),
    ...(request.complete ? {} : { connection: 'close' }),
  })
  response.end(content)
}

async function respond(world: World, route: Route, request: IncomingMessage): Promise<Reply> {
  const stats = () => readStats(world.counters, world.replication.status)
  switch (route.name) {
    case 'health':
      return health(stats())
    case 'metrics':
      return { status: 200, text: renderMetrics(stats()) }
    case 'batch':
      return broadcastBatch(world, request)
    case 'single':
      return broadcastSingle(world, route, request)
    case 'websocket':
      return { status: 426, body: { message: 'This path speaks WebSocket' } }
    case 'unknown':
      return { status: 404, body: { message: 'Not found' } }
  }
}

function health(stats: ReturnType<typeof readStats>): Reply {
  const { streaming } = stats.replication
  return { status: streaming ? 200 : 503, body: { status: streaming ? 'ok' : 'not streaming', ...stats } }
}

async function identify(world: World, request: IncomingMessage): Promise<Caller> {
  if (request.method !== 'POST') throw new Rejection(405, { message: 'Method not allowed' })
  const headers = plainHeaders(request)
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]
  const token = bearer ?? headers.apikey ?? headers['x-api-key']
  const verdict = token === undefined ? null : await world.tokens.verify(token.trim())
  if (!verdict?.ok) throw new Rejection(401, { message: verdict?.message ?? 'Unauthorized' })
  return { claims: verdict.claims, headers }
}

export function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

type Item = { topic: string; event: string; payload: Record<string, unknown>; private: boolean }

async function broadcastBatch(world: World, request: IncomingMessage): Promise<Reply> {
  const caller = await identify(world, request)
  const items = parseBatch(await readJson(world, request), world.settings.maxPayloadBytes)
  if (!world.rates.events.hasRoom(items.length, Date.now())) {
    throw new Rejection(429, { message: 'You have exceeded your rate limit' })
  }
  const writable = await findWritable(world, caller, items)
  for (const { topic, event, payload, private: isPrivate } of items) {
    // What may not be written is skipped, as on hosted Supabase.
    if (isPrivate && !writable.has(topic)) continue
    publish(world, topic, isPrivate, { form: 'text', payload: { type: 'broadcast', event, payload } })
  }
  return { status: 202 }
}

async function findWritable(world: World, caller: Caller, items: Item[]): Promise<Set<string>> {
  const topics = new Set(items.filter((item) => item.private).map((item) => item.topic))
  const allowed = await Promise.all(
    [...topics].map(async (topic) => {
      return (await world.authorizer.mayWrite({ ...caller, topic }, 'broadcast')) ? [topic] : []
    }),
  )
  return new Set(allowed.flat())
}

type Errors = Record<string, string[]>

function parseBatch(body: unknown, maxPayloadBytes: number): Item[] {
  const messages = (body as { messages?: unknown } | null)?.messages
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new Rejection(422, { errors: { messages: ["can't be blank"] } })
  }
  const errors = messages.map((message) => checkItem(message, maxPayloadBytes))
  if (errors.some((each) => Object.keys(each).length > 0)) {
    throw new Rejection(422, { errors: { messages: errors } })
  }
  return messages.map((message) => ({
    ...(message as Item),
    private: [true, 'true'].includes((message as { private?: boolean }).private ?? false),
  }))
}

function checkItem(message: unknown, maxPayloadBytes: number): Errors {
  const fields = (message ?? {}) as Record<string, unknown>
  const errors: Errors = {}
  for (const name of ['topic', 'event']) {
    const value = fields[name]
    if (value === undefined || value === null || value === '') errors[name] = ["can't be blank"]
    else if (typeof value !== 'string') errors[name] = ['is invalid']
  }
  const { payload } = fields
  if (payload === undefined || payload === null) errors.payload = ["can't be blank"]
  else if (typeof payload !== 'object' || Array.isArray(payload)) errors.payload = ['is invalid']
  else if (Buffer.byteLength(JSON.stringify(payload)) > maxPayloadBytes) {
    errors.payload = ['Payload size exceeds tenant limit']
  }
  return errors
}

async function broadcastSingle(
  world: World,
  route: Extract<Route, { name: 'single' }>,
  request: IncomingMessage,
): Promise<Reply> {
  const caller = await identify(world, request)
  const { topic, event, isPrivate } = route
  const content = await readSingle(world, request)
  if (content.bytes.length > world.settings.maxPayloadBytes) {
    throw new Rejection(422, { errors: { payload: ['Payload size exceeds tenant limit'] } })
  }
  if (!world.rates.events.hasRoom(1, Date.now())) {
    throw new Rejection(429, { message: 'You have exceeded your rate limit' })
  }
  if (isPrivate && !(await world.authorizer.mayWrite({ ...caller, topic }, 'broadcast'))) {
    throw new Rejection(403, { message: 'Unauthorized' })
  }
  publish(world, topic, isPrivate, { form: 'user', event, ...content })
  return { status: 202 }
}

async function readSingle(world: World, request: IncomingMessage) {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type === 'application/octet-stream') {
    return { encoding: 'raw', bytes: await readBody(world, request) } as const
  }
  if (type !== 'application/json') throw new Rejection(415, { message: 'Unsupported media type' })
  const payload = await readJson(world, request)
  if (payload === null) throw new Rejection(422, { errors: { payload: ["can't be blank"] } })
  return { encoding: 'json', bytes: Buffer.from(JSON.stringify(payload)) } as const
}

function publish(world: World, topic: string, isPrivate: boolean, content: BroadcastContent): void {
  world.rates.events.add(1, Date.now())
  const room = world.rooms.find(topic, isPrivate)
  if (room) world.counters.deliver(room.broadcast(new Broadcast(topicOf(topic), content)))
}

async function readJson(world: World, request: IncomingMessage): Promise<unknown> {
  const body = await readBody(world, request)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new Rejection(400, { message: 'The body is not JSON' })
  }
}

async function readBody(world: World, request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > world.settings.maxFrameBytes) throw new Rejection(413, { message: 'Payload too large' })
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
