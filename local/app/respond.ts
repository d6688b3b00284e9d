import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Asset, Encoding } from './assets.ts'

export type Site = { assets: ReadonlyMap<string, Asset>; page: Asset }

export async function respond(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response.setHeader('Allow', 'GET, HEAD'), 405, 'Only GET and HEAD are served here.')
  }
  const path = pathOf(request)
  if (path === null) return refuse(response, 400, 'This address is not valid.')
  if (path === '/health') return sendJson(response, { ok: true })
  const asset = site.assets.get(path) ?? (isNavigation(request, path) ? site.page : undefined)
  if (!asset) return refuse(response, 404, 'There is no such file.')
  await sendAsset(asset, request, response)
}

export function pathOf(request: IncomingMessage): string | null {
  try {
    return decodeURIComponent(new URL(`http://app${request.url ?? '/'}`).pathname)
  } catch {
    return null
  }
}

/** A missing script must fail as one, not arrive as a page. */
function isNavigation(request: IncomingMessage, path: string): boolean {
  return !/^\/assets\/|\.\w+$/.test(path) && /text\/html|\*\/\*|^$/.test(request.headers.accept ?? '')
}

async function sendAsset(asset: Asset, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const encoding = chooseEncoding(request.headers['accept-encoding'] ?? '')
  const etag = `"${asset.etag}-${encoding}"`
  response
    .setHeader('ETag', etag)
    .setHeader('Vary', 'Accept, Accept-Encoding')
    .setHeader('Cache-Control', asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return
  }
  const body = await asset.encoded(encoding)
  if (encoding !== 'identity' && body !== (await asset.encoded('identity'))) {
    response.setHeader('Content-Encoding', encoding)
  }
  response.writeHead(200, { 'Content-Type': asset.type, 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function chooseEncoding(accepted: string): Encoding {
  const offered = accepted
    .split(',')
    .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
    .map((one) => one.split(';')[0]?.trim().toLowerCase())
  return offered.includes('br') ? 'br' : offered.includes('gzip') ? 'gzip' : 'identity'
}

export function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${message}\n`)
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(value))
}
