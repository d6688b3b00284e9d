/** Between Node's requests and the web's, which the library speaks. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type WebBody = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null

export function toWebRequest(
  request: IncomingMessage,
  url: URL,
  body: WebBody,
  headers: Headers = toWebHeaders(request),
): Request {
  const hasBody = body !== null && request.method !== 'GET' && request.method !== 'HEAD'
  return new Request(url, {
    method: request.method ?? 'GET',
    headers,
    ...(hasBody ? { body, duplex: 'half' } : {}),
  } as RequestInit)
}

export function toWebHeaders({ headers }: IncomingMessage): Headers {
  const result = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') result.set(name, value)
    else for (const each of value ?? []) result.append(name, each)
  }
  return result
}

export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.statusCode = answer.status
  answer.headers.forEach((value, name) => {
    if (!name.startsWith('access-control-')) response.setHeader(name, value)
  })
  if (!answer.body || response.req.method === 'HEAD') {
    response.end()
    return
  }
  const length = Number(answer.headers.get('content-length') ?? Number.NaN)
  if (length < BUFFERED_BYTES) response.end(Buffer.from(await answer.arrayBuffer()))
  else await pipeline(Readable.fromWeb(answer.body as never), response)
}

const BUFFERED_BYTES = 256 * 1024
