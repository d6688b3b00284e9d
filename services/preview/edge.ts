/** The handler for platforms that speak web standards and keep nothing: no disk, no connection, gzip alone. */
import { createBlobs } from './blobs.ts'
import type { Compress } from './encoding.ts'
import { createPreviewHandler, type PreviewOptions } from './handler.ts'
import { rowsOverHttp } from './rows-over-http.ts'
import { createStorage } from './storage.ts'

export type EdgeSettings = Pick<PreviewOptions, 'domains' | 'appOrigins' | 'client' | 'report'> & {
  apiUrl: string
  secretKey: string
}

const POLL_MS = 1_000

export function createEdgePreview({ apiUrl, secretKey, ...settings }: EdgeSettings) {
  const rows = rowsOverHttp(apiUrl, secretKey)
  const blobs = createBlobs({
    rows,
    store: createStorage(apiUrl, secretKey),
    memoryBytes: 32 * 1024 * 1024,
    report: settings.report,
  })
  const handler = createPreviewHandler({ ...settings, rows, blobs, compress, encodings: ['gzip'] })
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    fetch(request: Request): Promise<Response> {
      timer ??= setInterval(handler.hosts.poll, POLL_MS) // not before the first request: nothing may run until then
      return handler.fetch(request)
    },
    close(): void {
      clearInterval(timer)
      handler.close()
    },
  }
}

const compress: Compress = async (bytes) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
