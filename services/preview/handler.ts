/**
 * Deployments on their own origins: (Request) → Response, and nothing of a platform. The name says which app is meant, its
 * row says which deployment is live, the manifest says which bytes a path is. No path is ever a path on a disk.
 */
import type { Deployment, LiveDeployment, Manifest } from '../../supabase/functions/_shared/protocol.ts'
import { type Address, addressOf, type Domains } from './address.ts'
import type { Blobs } from './blobs.ts'
import { type Compress, createEncoder, type Encoding } from './encoding.ts'
import { inlineScriptHashes, withClient } from './inject.ts'
import { createLiveHosts } from './live-hosts.ts'
import { createFrameMapper, readRawFrames } from './map-frames.ts'
import { htmlOf, PAGES, type Page } from './pages.ts'
import { filePathOf, isNavigation, wantsPage } from './path.ts'
import { securityHeaders } from './security-headers.ts'
import { type Body, send } from './send.ts'
import { type HostKind, type Rows, type StoredFile, Unavailable } from './source.ts'
import { createUpdates, graphOf } from './updates.ts'

export type PreviewOptions = {
  domains: Domains
  /** Where the Baton app lives: whom previews may be framed by, and speak to. */
  appOrigins: string[]
  rows: Rows
  blobs: Blobs
  compress: Compress
  encodings: readonly Encoding[]
  /** The script that previews get, compiled. */
  client: { code: string; hash: string }
  report(problem: string, error: unknown): void
}

type Live = LiveDeployment & { deployment: NonNullable<LiveDeployment['deployment']> }
type Target = { kind: HostKind; label: string }
type Rendered = { html: Uint8Array<ArrayBuffer>; hash: string; scripts: string[] }

const OWN = '/__baton/'
const LARGEST_QUESTION = 64 * 1024

export function createPreviewHandler(options: PreviewOptions) {
  const { domains, appOrigins, rows, blobs, client, report } = options
  const hosts = createLiveHosts(rows, report)
  const updates = createUpdates(hosts, rows)
  const encoder = { encode: createEncoder(options.compress), encodings: options.encodings }
  const mapFrames = createFrameMapper()
  const pages = new Map<string, Promise<Rendered>>()
  const misses = new Map<string, number>()
  const clientPath = `${OWN}client-${client.hash.slice(0, 16)}.js`
  const clientBytes = new TextEncoder().encode(client.code)

  const fetch = async (request: Request): Promise<Response> => {
    const url = URL.canParse(request.url) ? new URL(request.url) : null
    if (!url) return page(request, PAGES.notAnAddress)
    try {
      return await answer(request, url, addressOf(url.host, domains))
    } catch (error) {
      if (!(error instanceof Unavailable)) report('a request could not be answered', error)
      else report('not available', error)
      return page(request, error instanceof Unavailable ? PAGES.unavailable : PAGES.broken)
    }
  }

  const answer = async (request: Request, url: URL, address: Address): Promise<Response> => {
    if (address.kind === 'foreign') return page(request, PAGES.foreign)
    if (address.kind === 'front') return front(request, url)
    if (request.headers.has('service-worker')) return page(request, PAGES.serviceWorker)
    const path = filePathOf(url)
    if (path === null) return page(request, PAGES.notAnAddress)
    const isQuestion = request.method === 'POST' && path === `${OWN}frames`
    if (!isQuestion && request.method !== 'GET' && request.method !== 'HEAD')
      return page(request, PAGES.method)
    const live = await hosts.find(address.kind, address.label)
    if (!live) return page(request, PAGES.noApp)
    if (!live.allowed) return page(request, PAGES.private)
    if (address.kind === 'preview') return preview(request, url, path, address, live)
    if (!isDeployed(live)) return page(request, PAGES.notPublished)
    if (isQuestion) return page(request, PAGES.method)
    return path.startsWith(OWN) ? page(request, PAGES.noFile) : serve(request, path, live)
  }

  const front = (request: Request, url: URL): Response =>
    url.pathname === '/health'
      ? Response.json({ ok: true, streams: updates.count() })
      : page(request, PAGES.front)

  const preview = async (request: Request, url: URL, path: string, target: Target, live: LiveDeployment) => {
    if (path === clientPath) return withHeaders(await send(request, clientBody(), encoder), live, [])
    if (path === `${OWN}updates`) {
      const stream = isFromItself(request) && request.method === 'GET' && openUpdates(target, live, url)
      return stream || page(request, PAGES.noFile)
    }
    if (path === `${OWN}frames`)
      return isFromItself(request) ? frames(request, url, live) : page(request, PAGES.noFile)
    if (path.startsWith(OWN)) return page(request, PAGES.noFile)
    const vendor = /^\/@v\/([0-9a-f]{64})\.js$/.exec(path)?.[1]
    if (vendor) return vendorFile(request, vendor, live)
    return isDeployed(live) ? serve(request, path, live) : waiting(request, path, live)
  }

  /** Another origin could neither read nor change anything with these; it has no business asking either. */
  const isFromItself = (request: Request) => {
    const site = request.headers.get('sec-fetch-site')
    if (site !== null) return site === 'same-origin'
    const origin = request.headers.get('origin')
    return origin === null || (URL.canParse(origin) && new URL(origin).host === new URL(request.url).host)
  }

  const openUpdates = (target: Target, live: LiveDeployment, url: URL) =>
    updates.open(target.kind, target.label, live, url.searchParams.get('from') ?? '')

  const frames = async (request: Request, url: URL, live: LiveDeployment): Promise<Response> => {
    const asked = readRawFrames(await readJson(request))
    if (!asked || !isDeployed(live)) return page(request, PAGES.notAnAddress)
    const readText = async (path: string) => {
      const file = await fileAt(live, path)
      return file ? new TextDecoder().decode(await blobs.read(file, live.deployment.fresh)) : null
    }
    const mapped = await mapFrames(asked, url.host, readText)
    return withHeaders(
      Response.json({ frames: mapped }, { headers: { 'cache-control': 'no-store' } }),
      live,
      [],
    )
  }

  const clientBody = (): Body => ({
    hash: client.hash,
    type: 'text/javascript; charset=utf-8',
    size: clientBytes.length,
    cacheControl: IMMUTABLE,
    care: 'small',
    read: async () => clientBytes,
  })

  const vendorFile = async (request: Request, hash: string, live: LiveDeployment): Promise<Response> => {
    const bytes = await blobs.vendor(hash)
    if (!bytes) return page(request, PAGES.noFile)
    const body: Body = {
      hash,
      type: 'text/javascript; charset=utf-8',
      size: bytes.length,
      cacheControl: IMMUTABLE,
      care: 'quick',
      read: async () => bytes,
    }
    return withHeaders(await send(request, body, encoder), live, [])
  }

  const serve = async (request: Request, path: string, live: Live): Promise<Response> => {
    const file = await fileAt(live, path)
    if (file && !isPage(file)) return withHeaders(await send(request, bodyOf(file, live), encoder), live, [])
    if (file) return document(request, file, live)
    const { manifest } = live.deployment
    const entry = ownFile(manifest, manifest.entry)
    if (entry && isNavigation(path, request.headers)) return document(request, entry, live)
    return page(request, PAGES.noFile)
  }

  /** As named, the index of a folder, or what a page that was opened earlier still asks for. */
  const fileAt = async ({ host, deployment }: Live, path: string): Promise<StoredFile | null> => {
    const { manifest } = deployment
    if (path === '/') return ownFile(manifest, manifest.entry) ?? null
    const file =
      ownFile(manifest, path) ?? (path.endsWith('/') ? ownFile(manifest, `${path}index.html`) : undefined)
    if (file || !/^\/(@m|@s|@css|@a|assets)\/./.test(path)) return file ?? null
    return await formerFile(host, path)
  }

  const formerFile = async (host: LiveDeployment['host'], path: string): Promise<StoredFile | null> => {
    const key = `${host.project_id} ${host.kind} ${path}`
    if ((misses.get(key) ?? 0) > Date.now()) return null
    const file = await rows.formerFile(host.project_id, host.kind, path)
    if (file?.immutable) return file
    if (misses.size > 5_000) misses.clear()
    misses.set(key, Date.now() + 5_000)
    return null
  }

  const bodyOf = (file: StoredFile, live: Live): Body => ({
    hash: file.hash,
    type: typeOf(file),
    size: file.size,
    cacheControl: cacheControl(live, file.immutable === true),
    care: live.host.kind === 'production' ? 'small' : 'quick',
    read: () => blobs.read(file, live.deployment.fresh),
  })

  const document = async (request: Request, file: StoredFile, live: Live): Promise<Response> => {
    const { html, hash, scripts } = await render(file, live)
    const body: Body = {
      ...bodyOf(file, live),
      hash,
      size: html.length,
      cacheControl: cacheControl(live, false),
      read: async () => html,
    }
    return withHeaders(await send(request, body, encoder), live, scripts)
  }

  const render = (file: StoredFile, live: Live): Promise<Rendered> => {
    const key = `${live.host.kind} ${live.deployment.id} ${file.hash}`
    const rendering = pages.get(key) ?? renderPage(file, live)
    pages.delete(key)
    pages.set(key, rendering)
    if (pages.size > 200) pages.delete(pages.keys().next().value!)
    rendering.catch(() => pages.delete(key))
    return rendering
  }

  const renderPage = async (file: StoredFile, live: Live): Promise<Rendered> => {
    const own = new TextDecoder().decode(await blobs.read(file, live.deployment.fresh))
    const scripts = await inlineScriptHashes(own)
    const text = live.host.kind === 'preview' ? withClient(own, clientPath, pageData(live.deployment)) : own
    const html = new TextEncoder().encode(text)
    return { html, scripts, hash: await sha256Hex(html) }
  }

  const pageData = (deployment: (Deployment & { manifest: Manifest }) | null) => ({
    appOrigins,
    deployment: deployment?.id ?? '',
    version: deployment?.version ?? 0,
    graph: deployment ? (graphOf(deployment.manifest) ?? null) : null,
  })

  const waiting = (request: Request, path: string, live: LiveDeployment): Response => {
    const why = live.build?.state === 'failed' ? PAGES.firstBuildFailed : PAGES.waiting
    if (!isNavigation(path, request.headers)) return page(request, why)
    return withHeaders(
      pageResponse(request, why, withClient(htmlOf(why), clientPath, pageData(null))),
      live,
      [],
    )
  }

  const page = (request: Request, shown: Page): Response => {
    const response = pageResponse(request, shown, wantsPage(request.headers) ? htmlOf(shown) : null)
    return withHeaders(response, null, [])
  }

  const withHeaders = (response: Response, live: LiveDeployment | null, scripts: string[]): Response => {
    const connect = (live?.deployment?.manifest.connect ?? []) as string[]
    const headers = securityHeaders({ kind: live?.host.kind ?? 'preview', appOrigins, scripts, connect })
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  }

  return {
    fetch,
    hosts,
    close: updates.close,
  }
}

const IMMUTABLE = 'public, max-age=31536000, immutable'

function cacheControl({ host }: LiveDeployment, immutable: boolean): string {
  if (!immutable) return host.visibility === 'private' ? 'private, no-cache' : 'no-cache'
  return host.visibility === 'private' ? IMMUTABLE.replace('public', 'private') : IMMUTABLE
}

const isDeployed = (live: LiveDeployment): live is Live => live.deployment !== null

const ownFile = (manifest: Manifest, path: string): StoredFile | undefined =>
  Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined

const isPage = (file: StoredFile) => /^text\/html\b/.test(file.type)

const typeOf = ({ type }: StoredFile) =>
  /^(text\/|application\/(javascript|json|manifest\+json|xml)|image\/svg\+xml)/.test(type) &&
  !type.includes('charset')
    ? `${type}; charset=utf-8`
    : type

function pageResponse(
  request: Request,
  { status, title, text, retryAfterS }: Page,
  html: string | null,
): Response {
  const headers = new Headers({
    'content-type': html === null ? 'text/plain; charset=utf-8' : 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    ...(retryAfterS ? { 'retry-after': String(retryAfterS) } : {}),
    ...(retryAfterS && html !== null ? { refresh: String(retryAfterS) } : {}),
  })
  const body = html ?? `${title}. ${text}\n`
  return new Response(request.method === 'HEAD' ? null : body, { status, headers })
}

async function readJson(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? Number.NaN) > LARGEST_QUESTION) return null
  const text = await request.text()
  if (text.length > LARGEST_QUESTION) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
