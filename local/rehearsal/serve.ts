/** `POST /v1/messages` as Anthropic serves it, streamed or whole; `GET /health`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerTo } from './answer/answer.ts'
import type { NextReply } from './answer/continue.ts'
import { countAttempts } from './attempts.ts'
import { streamEvents, wholeMessage } from './protocol/events.ts'
import type { MessagesRequest, Refusal } from './protocol/messages.ts'
import { type Pace, paceOf, speedOf } from './protocol/pace.ts'
import { inputUsage } from './protocol/usage.ts'
import { findFault } from './protocol/validate.ts'
import type { Script } from './script/script.ts'

const LARGEST_BODY = 32 * 1024 * 1024

export function createModelServer(scripts: Script[], pace: string | undefined): Server {
  const attemptOf = countAttempts()
  const usualSpeed = speedOf(pace)
  return createServer((request, response) => {
    void respond(request, response).catch((error: Error) => {
      if (!response.headersSent) refuse(response, { status: 500, type: 'api_error', message: error.message })
      else response.destroy()
    })
  })

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://model')
    if (request.method === 'GET' && pathname === '/health') return send(response, 200, { status: 'ok' })
    const isCount = pathname === '/v1/messages/count_tokens'
    if (request.method !== 'POST' || (pathname !== '/v1/messages' && !isCount))
      return refuse(response, { status: 404, type: 'not_found_error', message: `There is no ${pathname}.` })

    const body = await readBody(request)
    const fault = typeof body === 'string' ? body : findFault(isCount ? { ...body, max_tokens: 1 } : body)
    if (typeof body === 'string' || fault)
      return refuse(response, { status: 400, type: 'invalid_request_error', message: fault! })
    if (isCount) {
      const counted = Object.values(inputUsage(body)).reduce((sum, tokens) => sum + tokens, 0)
      return send(response, 200, { input_tokens: counted })
    }
    const reply = withoutThinking(body, answerTo(body, scripts, attemptOf(body) % 2 === 0))
    if (reply.fault) return refuse(response, reply.fault)
    if (!body.stream) return send(response, 200, wholeMessage(body, reply))
    const wish = request.headers['x-rehearsal-pace']
    const speed = wish ? speedOf(String(wish)) : usualSpeed
    await stream(response, body, reply, paceOf(speed, body.model, reply))
  }
}

function withoutThinking({ thinking }: MessagesRequest, reply: NextReply): NextReply {
  if (thinking?.type !== 'disabled') return reply
  return { ...reply, pieces: reply.pieces.filter(({ kind }) => kind !== 'think') }
}

/** Each event at the time when a model of this pace would have come to it; late ones catch up. */
async function stream(
  response: ServerResponse,
  body: MessagesRequest,
  reply: NextReply,
  pace: Pace,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  const closed = new Promise((resolve) => response.once('close', resolve))
  const began = performance.now()
  let tokens = 0
  for (const { event, tokens: more } of streamEvents(body, reply)) {
    if (reply.breaks && tokens + more > reply.breaks.afterTokens)
      return breakOff(response, reply.breaks.error)
    tokens += more
    const due = began + pace.firstTokenMs + (tokens / pace.tokensPerSecond) * 1000
    if (due - performance.now() > 1) await sleep(due - performance.now())
    if (response.destroyed) return
    const isTaken = response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    if (!isTaken) await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed])
  }
  response.end()
}

function breakOff(response: ServerResponse, error: string | undefined): void {
  if (!error) {
    // What was written still goes out, and then nothing more, not even the end of the response.
    setImmediate(() => response.socket?.destroySoon())
    return
  }
  const event = { type: 'error', error: { type: error, message: 'Rehearsed: an error in the stream.' } }
  response.end(`event: error\ndata: ${JSON.stringify(event)}\n\n`)
}

function refuse(response: ServerResponse, { status, type, message, retryAfter }: Refusal): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter))
  send(response, status, { type: 'error', error: { type, message }, request_id: 'req_rehearsal' })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** The request, or what is wrong with it. */
async function readBody(request: IncomingMessage): Promise<MessagesRequest | string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) return 'Request exceeds the maximum allowed number of bytes.'
    chunks.push(chunk)
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof body === 'object' && body !== null
      ? (body as MessagesRequest)
      : 'The body is not a JSON object.'
  } catch (error) {
    return `The request body is not valid JSON: ${(error as Error).message}`
  }
}
