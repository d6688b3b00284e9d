import type { ServerResponse } from 'node:http'

/** An answer that the gateway gives by itself, in the place of a part. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Record<string, string>
  constructor(status: number, body: { message: string } & Record<string, unknown>, headers = {}) {
    super(body.message)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

export function refuse(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  sendJson(response, refusal.status, refusal.body)
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
