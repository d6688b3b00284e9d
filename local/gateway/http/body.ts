import type { IncomingMessage } from 'node:http'
import { Readable, Transform } from 'node:stream'
import { Refusal } from './refusal.ts'

export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  refuseAnnounced(request, limit)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

export type Upload = {
  stream: ReadableStream<Uint8Array>
  /** Throws when the stream has broken off because there was more than the limit. */
  check(): void
}

export function streamBody(request: IncomingMessage, limit: number): Upload {
  refuseAnnounced(request, limit)
  let size = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      done(size > limit ? tooLarge(limit) : null, chunk)
    },
  })
  request.on('error', (error) => counted.destroy(error))
  return {
    stream: Readable.toWeb(request.pipe(counted)) as ReadableStream<Uint8Array>,
    check() {
      if (size > limit) throw tooLarge(limit)
    },
  }
}

function refuseAnnounced(request: IncomingMessage, limit: number): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
}

const tooLarge = (limit: number) =>
  new Refusal(
    413,
    {
      code: 'payload_too_large',
      message: `The request is larger than the ${Math.floor(limit / 1024 / 1024)} MB that are allowed here.`,
    },
    { connection: 'close' },
  )
