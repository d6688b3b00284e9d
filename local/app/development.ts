import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { createServer } from 'vite'
import { type BrowserConfig, withConfig } from './page.ts'

export type DevelopmentServer = {
  respond(nonce: string, request: IncomingMessage, response: ServerResponse): Promise<void>
  stop(): Promise<void>
}

/** Vite with hot updates over the same port, under the same policy apart from a nonce for what Vite puts inline. */
export async function startDevelopment(
  rootDir: string,
  dataDir: string,
  config: BrowserConfig,
  server: Server,
): Promise<DevelopmentServer> {
  const vite = await createServer({
    configFile: join(rootDir, 'vite.config.ts'),
    cacheDir: join(dataDir, 'vite'),
    appType: 'custom',
    server: { middlewareMode: true, hmr: { server } },
    clearScreen: false,
  })
  const page = async (url: string, nonce: string) => {
    const source = readFileSync(join(rootDir, 'src/index.html'), 'utf8')
    const html = await vite.transformIndexHtml(url, source)
    return withConfig(html, config).replaceAll('BATON_NONCE', nonce)
  }
  return {
    async respond(nonce, request, response) {
      await new Promise<void>((next) => vite.middlewares(request, response, () => next()))
      const html = await page(request.url ?? '/', nonce)
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' })
      response.end(html)
    },
    stop: () => vite.close(),
  }
}

export const freshNonce = () => randomBytes(16).toString('base64url')
