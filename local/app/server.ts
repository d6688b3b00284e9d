import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { securityHeaders } from '../../services/app/security-headers.ts'
import { apiUrl, type StackConfig } from '../config.ts'
import type { Log } from '../log.ts'
import type { PartContext } from '../part.ts'
import { createAsset, readDist } from './assets.ts'
import { browserConfig, withConfig } from './page.ts'
import { pathOf, refuse, respond, type Site } from './respond.ts'
import { answerStackState } from './stack-state.ts'

export type RunningApp = { port: number; stop(): Promise<void> }

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export async function startApp({ config, log }: PartContext): Promise<RunningApp> {
  const server = createServer()
  const { answer, close } = config.mode === 'dev' ? await developed(config, server) : built(config)
  const port = await listen(server, config.ports.app)
  server.on('request', guarded(answer, apiUrl(config), port, log))
  return {
    port,
    async stop() {
      await close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

type Served = { answer: Answer; close(): Promise<void> }

function built(config: StackConfig): Served {
  const site = loadSite(config)
  const headers = securityHeaders(browserConfig(config))
  const answer: Answer = (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value ?? '')
    return respond(site, request, response)
  }
  return { answer, close: async () => {} }
}

function loadSite(config: StackConfig): Site {
  const files = readDist(join(config.rootDir, 'dist'))
  const html = files.get('/index.html')?.toString('utf8') ?? ''
  files.delete('/index.html')
  const page = Buffer.from(withConfig(html, browserConfig(config)))
  return {
    assets: new Map([...files].map(([path, body]) => [path, createAsset(path, body)])),
    page: createAsset('/index.html', page),
  }
}

/** Vite is loaded here alone: it takes longer than everything else in this part. */
async function developed(config: StackConfig, server: Server): Promise<Served> {
  const { freshNonce, startDevelopment } = await import('./development.ts')
  const browser = browserConfig(config)
  const vite = await startDevelopment(config.rootDir, config.dataDir, browser, server)
  const appUrl = `http://127.0.0.1:${config.ports.app}`
  const answer: Answer = async (request, response) => {
    const nonce = freshNonce()
    for (const [name, value] of Object.entries(securityHeaders(browser, { nonce, appUrl }))) {
      response.setHeader(name, value ?? '')
    }
    await vite.respond(nonce, request, response)
  }
  return { answer, close: vite.stop }
}

/** A page elsewhere that points its own name at this address (DNS rebinding) is turned away by the name. */
function guarded(answer: Answer, api: string, port: number, log: Log) {
  const names = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
  return async (request: IncomingMessage, response: ServerResponse) => {
    if (!names.has(request.headers.host ?? '')) {
      return refuse(response, 421, 'This server does not answer to that name.')
    }
    try {
      if (await answerStackState(api, pathOf(request) ?? '', response)) return
      await answer(request, response)
    } catch (error) {
      log.error('could not answer', { path: request.url?.split('?')[0], error })
      if (response.headersSent) response.destroy()
      else refuse(response, 500, 'Something went wrong here; the log of the part "app" says what.')
    }
  }
}
