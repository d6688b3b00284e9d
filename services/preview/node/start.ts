import { resolveTxt } from 'node:dns/promises'
import type { Domains } from '../address.ts'
import { createBlobs } from '../blobs.ts'
import { createPreviewHandler } from '../handler.ts'
import { createStorage } from '../storage.ts'
import { bundleClient } from './client.ts'
import { compress } from './compress.ts'
import { openDiskCache } from './disk.ts'
import { createDomainChecks, type ResolveTxt } from './domain-checks.ts'
import { openRows } from './rows.ts'
import { serve } from './server.ts'

export type PreviewSettings = {
  rootDir: string
  databaseUrl: string
  apiUrl: string
  secretKey: string
  cacheDir: string
  listenOn: { host: string; port: number }
  /** Told the port, since 0 means any. */
  domains(port: number): Domains
  appOrigins: string[]
  /** DNS, unless something else is to answer. */
  resolveTxt?: ResolveTxt
  report(problem: string, error: unknown): void
}

export type RunningPreview = { port: number; stop(): Promise<void> }

const POLL_MS = 1_000
const DOMAINS_MS = 30_000
const TRIM_MS = 10 * 60_000

export async function startPreview(settings: PreviewSettings): Promise<RunningPreview> {
  const { report } = settings
  const client = await bundleClient(settings.rootDir)
  const rows = openRows(settings.databaseUrl)
  const disk = openDiskCache(settings.cacheDir)
  const store = createStorage(settings.apiUrl, settings.secretKey)
  const blobs = createBlobs({ rows, store, disk, report })

  let handle: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 })
  const { host, port: wanted } = settings.listenOn
  const server = await serve((request) => handle(request), host, wanted, report)
  const handler = createPreviewHandler({
    domains: settings.domains(server.port),
    appOrigins: settings.appOrigins,
    rows,
    blobs,
    compress,
    encodings: ['br', 'gzip'],
    client,
    report,
  })
  handle = handler.fetch
  const domains = createDomainChecks(rows.domains, settings.resolveTxt ?? resolveTxt, handler.hosts.forget)
  const checkDomains = () =>
    void domains.run().catch((error) => report('domains could not be checked', error))
  await rows.listen({
    hostChanged: handler.hosts.changed,
    domainAsked: checkDomains,
    hearing: handler.hosts.hearing,
  })
  const timers = [
    setInterval(handler.hosts.poll, POLL_MS),
    setInterval(checkDomains, DOMAINS_MS),
    setInterval(
      () => void disk.trim().catch((error) => report('the cache on disk could not be trimmed', error)),
      TRIM_MS,
    ),
  ]
  return {
    port: server.port,
    async stop() {
      for (const timer of timers) clearInterval(timer)
      handler.close()
      await server.close()
      await rows.close()
    },
  }
}
