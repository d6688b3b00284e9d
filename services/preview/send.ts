/** One body as HTTP wants it: conditions, ranges, compression. */
import { type Bytes, chooseEncoding, type createEncoder, type Encoding, isWorthIt } from './encoding.ts'

export type Body = {
  hash: string
  type: string
  size: number
  cacheControl: string
  care: 'quick' | 'small'
  read(): Promise<Bytes>
}

type Encoder = { encode: ReturnType<typeof createEncoder>; encodings: readonly Encoding[] }

export async function send(request: Request, body: Body, { encode, encodings }: Encoder): Promise<Response> {
  const range = request.headers.get('range')
  const encoding =
    range === null && isWorthIt(body.type, body.size)
      ? chooseEncoding(request.headers.get('accept-encoding'), encodings)
      : null
  const etag = `"${body.hash.slice(0, 32)}${encoding ? `-${encoding}` : ''}"`
  const headers = new Headers({
    'content-type': body.type,
    etag,
    'cache-control': body.cacheControl,
    'accept-ranges': 'bytes',
    ...(isWorthIt(body.type, body.size) ? { vary: 'Accept-Encoding' } : {}),
  })
  if (isKnown(request.headers.get('if-none-match'), body.hash, etag))
    return new Response(null, { status: 304, headers })

  const isHead = request.method === 'HEAD'
  const part = range === null ? null : rangeOf(range, body.size, request.headers.get('if-range'), etag)
  if (part === 'outside') {
    headers.set('content-range', `bytes */${body.size}`)
    headers.delete('content-type')
    return new Response(null, { status: 416, headers })
  }
  if (part) {
    headers.set('content-range', `bytes ${part.from}-${part.to}/${body.size}`)
    headers.set('content-length', String(part.to - part.from + 1))
    const bytes = isHead ? null : (await body.read()).subarray(part.from, part.to + 1)
    return new Response(bytes, { status: 206, headers })
  }
  if (isHead && !encoding) {
    headers.set('content-length', String(body.size))
    return new Response(null, { status: 200, headers })
  }
  const bytes = await body.read()
  const sent = encoding ? await encode(body.hash, bytes, encoding, body.care) : bytes
  if (encoding) headers.set('content-encoding', encoding)
  headers.set('content-length', String(sent.length))
  return new Response(isHead ? null : sent, { status: 200, headers })
}

/** Any encoding of the same bytes will do: whoever has one of them has them. */
function isKnown(condition: string | null, hash: string, etag: string): boolean {
  if (condition === null) return false
  if (condition.trim() === '*') return true
  const opaque = hash.slice(0, 32)
  return condition
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === etag || one === `"${opaque}"`)
}

type Part = { from: number; to: number }

/** Null: the whole is sent, as for several ranges at once, and for a range of something that changed since. */
function rangeOf(range: string, size: number, ifRange: string | null, etag: string): Part | 'outside' | null {
  if (ifRange !== null && ifRange !== etag) return null
  const match = /^bytes=(\d*)-(\d*)$/.exec(range.trim())
  if (!match) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from >= size || (first === '' && Number(last) === 0)) return 'outside'
  return from > to ? null : { from, to }
}
