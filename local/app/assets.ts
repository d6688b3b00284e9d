/**
 * The whole build is read into memory when the server starts: it is about a megabyte, no request can name a file
 * outside it, and a later build that replaces `dist` cannot mix with the one that is being served.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { STAMP } from './stamp.ts'

export type Encoding = 'br' | 'gzip' | 'identity'

export type Asset = {
  type: string
  etag: string
  /** Its name has a hash of its content in it, so it may be kept for ever. */
  immutable: boolean
  encoded(encoding: Encoding): Promise<Buffer>
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export function createAsset(path: string, body: Buffer): Asset {
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const compressible = type.includes('charset')
  const copies: Partial<Record<Encoding, Promise<Buffer>>> = { identity: Promise.resolve(body) }
  return {
    type,
    etag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
    immutable: path.startsWith('/assets/'),
    encoded(encoding) {
      const chosen = compressible ? encoding : 'identity'
      copies[chosen] ??= compress(body, chosen)
      return copies[chosen]
    },
  }
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return zip(body, { level: 9 })
  return brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
}

/** Path in a URL → file. Read again when another build took the place of `dist` in the meantime. */
export function readDist(dist: string, attempts = 5): Map<string, Buffer> {
  const stamp = readFileSync(join(dist, STAMP), 'utf8')
  try {
    const files = new Map(filesIn(dist).map((file) => [urlPath(dist, file), readFileSync(file)]))
    if (readFileSync(join(dist, STAMP), 'utf8') === stamp) return files
  } catch (error) {
    if (attempts === 1) throw error
  }
  return readDist(dist, attempts - 1)
}

const filesIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== STAMP)
    .map((entry) => join(entry.parentPath, entry.name))

const urlPath = (dist: string, file: string) => `/${relative(dist, file).split(sep).join('/')}`
