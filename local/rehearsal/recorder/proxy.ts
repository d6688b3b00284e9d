/** Stands between Baton and a model, passes everything on, and tells of each conversation when an answer is complete. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Message, MessagesRequest } from '../protocol/messages.ts'
import { assembleStream } from './assemble.ts'

type Recorded = (messages: Message[]) => void

export function createRecordingProxy(upstream: string, recorded: Recorded): Server {
  return createServer((request, response) => {
    pass(upstream, request, response, recorded).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'application/json' })
      const message = `The recorder cannot reach ${upstream}: ${error.message}`
      response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message } }))
    })
  })
}

async function pass(
  upstream: string,
  request: IncomingMessage,
  response: ServerResponse,
  recorded: Recorded,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const answer = await fetch(new URL(request.url ?? '/', upstream), {
    method: request.method ?? 'GET',
    headers: passedOn(request.headers),
    ...(body.length > 0 ? { body } : {}),
  })
  response.writeHead(
    answer.status,
    [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name)).flat(),
  )
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    response.write(chunk)
    text += decoder.decode(chunk as Uint8Array, { stream: true })
  }
  response.end()
  if (answer.ok && request.url?.startsWith('/v1/messages')) record(body, text, recorded)
}

/** Who asked for a summary of a conversation that became too long, is no person. */
const OF_BATON = '[Baton] This conversation is about to become too long'

function record(body: Buffer, text: string, recorded: Recorded): void {
  const { messages, stream } = JSON.parse(body.toString('utf8')) as MessagesRequest
  if (!stream || JSON.stringify(messages.at(-1)).includes(OF_BATON)) return
  const content = assembleStream(text)
  if (content) recorded([...messages, { role: 'assistant', content }])
}

const OF_THE_CONNECTION = new Set([
  'host',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'accept-encoding',
  'expect',
])

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  return Object.fromEntries(all.filter(([name]) => !OF_THE_CONNECTION.has(name)))
}
