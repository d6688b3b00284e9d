/** The Supabase API of the embedded stack at one port, and the mailbox beside it. */
import { join } from 'node:path'
import { apiUrl, appUrl, modelUrl, type StackConfig } from '../config.ts'
import { writeAuthMail } from '../mail/auth-mails.ts'
import { startCatcher } from '../mail/catcher.ts'
import { openMailbox } from '../mail/mailbox.ts'
import { createMailboxRoutes } from '../mail/routes.ts'
import { createSender } from '../mail/sender.ts'
import type { PartContext, RunningPart } from '../part.ts'
import type { GiveSocket } from '../sockets.ts'
import { createApi } from './api.ts'
import { answersHttp, createHealth, type Probes } from './health/health.ts'
import { createMetrics } from './health/metrics.ts'
import { partIsDown, proxy } from './http/proxy.ts'
import { sendJson } from './http/refusal.ts'
import { ROUTES } from './http/routes.ts'
import { type Exchange, type Handlers, openDoor } from './http/server.ts'
import { refuseSocket, wholeRequest } from './http/upgrade.ts'
import { type Supalite, startSupalite } from './supalite/start.ts'

export type RunningGateway = RunningPart & { port: number; smtpPort: number }

/** Without a way to give sockets away, there is nobody who would take them. */
export type GatewayOptions = PartContext & { giveSocket?: GiveSocket }

export async function startGateway(given: GatewayOptions): Promise<RunningGateway> {
  const { log, giveSocket = refuseAll } = given
  const metrics = createMetrics()
  const door = await openDoor(given.config.ports.api, log, metrics)
  const mailbox = await openMailbox(join(given.config.dataDir, 'mail'))
  const catcher = await startCatcher(given.config.internal.smtp, mailbox, log)
  const config = withPorts(given.config, door.port, catcher.port)

  const send = createSender(catcher.port)
  const supalite = await startSupalite({
    config,
    log,
    storageFolder: join(config.dataDir, 'storage'),
    sendMail: (mail) => send(writeAuthMail(mail, apiUrl(config))),
  })
  const realtime = { part: 'realtime', port: config.internal.realtime }
  const functions = { part: 'functions', port: config.internal.functions }
  const health = createHealth(probesOf(config, supalite))
  const serveMailbox = createMailboxRoutes(mailbox)
  const pass = (upstream: typeof realtime) => (exchange: Exchange) =>
    proxy(exchange.request, exchange.response, upstream, exchange.id)

  const handlers: Handlers = {
    ...createApi(config, supalite),
    realtime: pass(realtime),
    functions: pass(functions),
    mailbox: ({ request, response, url }) => serveMailbox(request, response, url),
    async health({ response }) {
      const answer = await health()
      response.setHeader('cache-control', 'no-store')
      sendJson(response, answer.status === 'ok' ? 200 : 503, answer)
    },
    async metrics({ response }) {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      response.end(metrics.render() + (await metricsOf(realtime.port)))
    },
    index: ({ response }) =>
      sendJson(response, 200, { name: 'Baton, embedded stack', routes: Object.values(ROUTES) }),
  }
  door.open(handlers, (request, client, head) => giveSocket('realtime', client, wholeRequest(request, head)))

  return {
    port: door.port,
    smtpPort: catcher.port,
    async stop() {
      await door.close()
      await Promise.all([catcher.stop(), supalite.stop()])
    },
  }
}

const refuseAll: GiveSocket = (to, socket) => refuseSocket(socket, partIsDown(to))

/** Port 0 means any: from here on it has a number. */
function withPorts(config: StackConfig, api: number, smtp: number): StackConfig {
  return { ...config, ports: { ...config.ports, api }, internal: { ...config.internal, smtp } }
}

function probesOf(config: StackConfig, supalite: Supalite): Probes {
  const local = (port: number, path: string) => answersHttp(`http://127.0.0.1:${port}${path}`)
  return {
    database: () => supalite.probe('database'),
    auth: () => supalite.probe('auth'),
    rest: () => supalite.probe('rest'),
    storage: () => supalite.probe('storage'),
    realtime: local(config.internal.realtime, '/health'),
    functions: local(config.internal.functions, '/_internal/health'),
    app: answersHttp(appUrl(config)),
    builder: local(config.internal.builder, '/health'),
    preview: local(config.ports.preview, '/health'),
    ...(config.model.kind === 'rehearsal' ? { model: answersHttp(`${modelUrl(config)}/health`) } : {}),
  }
}

async function metricsOf(port: number): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(500) })
    return response.ok ? await response.text() : ''
  } catch {
    return ''
  }
}
