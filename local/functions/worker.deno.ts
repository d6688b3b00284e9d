/**
 * What runs in every Deno process before the function itself: it supplies `EdgeRuntime.waitUntil`, takes over
 * `Deno.serve` and the console, and tells the stack about them, one line of JSON each, on standard output.
 *
 * On SIGTERM it takes no new requests, ends the open ones, waits for what `waitUntil` was given, and exits. The stack
 * decides how long that may take.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  CONSOLE_LEVELS,
  LINE_MARK,
  REQUEST_ID_HEADER,
  WORKER_SETTINGS,
  WORKER_TOKEN_HEADER,
  type WorkerLine,
  type WorkerSettings,
} from './worker-protocol.ts'

type Server = Deno.HttpServer<Deno.NetAddr>
type Handler = Deno.ServeHandler<Deno.NetAddr>
type Options = Partial<Deno.ServeTcpOptions & Deno.ServeInit<Deno.NetAddr>>

const settings = takeSettings()
const currentRequest = new AsyncLocalStorage<string>()
const listen = Deno.serve.bind(Deno)
const servers: Server[] = []
const background = new Set<Promise<unknown>>()

Object.assign(globalThis, { EdgeRuntime: { waitUntil } })
Object.defineProperty(Deno, 'serve', { value: serve })
for (const level of CONSOLE_LEVELS) {
  console[level] = (...values: unknown[]) => {
    const request = currentRequest.getStore()
    say({ type: 'log', level, message: values.map(print).join(' '), ...(request ? { request } : {}) })
  }
}
Deno.addSignalListener('SIGTERM', leaveOnce())

const { default: exported } = await import(settings.entrypoint)
if (typeof exported?.fetch === 'function') serve(exported.fetch.bind(exported))
if (servers.length === 0) say({ type: 'idle' })

/** Leaves the function the environment that it has on hosted, and nothing of how this process is run. */
function takeSettings(): WorkerSettings {
  const settings: WorkerSettings = JSON.parse(Deno.env.get(WORKER_SETTINGS) ?? '{}')
  const names = Object.keys(Deno.env.toObject())
  for (const name of names.filter((name) => !settings.visible.includes(name))) Deno.env.delete(name)
  return settings
}

/** Accepts every form of `Deno.serve`; where it listens is ours to say. */
function serve(...values: unknown[]): Server {
  const options = values.find((value): value is Options => typeof value === 'object' && value !== null) ?? {}
  const handler = values.find((value): value is Handler => typeof value === 'function') ?? options.handler
  if (!handler) throw new TypeError('Deno.serve was called without a handler.')
  const server = listen({
    ...(options.onError ? { onError: options.onError } : {}),
    hostname: '127.0.0.1',
    port: 0,
    onListen: ({ port }) => say({ type: 'listening', port }),
    handler: (request, info) => {
      if (request.headers.get(WORKER_TOKEN_HEADER) !== settings.token)
        return new Response(null, { status: 403 })
      return currentRequest.run(request.headers.get(REQUEST_ID_HEADER) ?? '', () => handler(request, info))
    },
  })
  servers.push(server)
  return server
}

function waitUntil<T>(promise: Promise<T>): Promise<T> {
  const tracked = Promise.resolve(promise)
    .catch((error: unknown) => console.error('A promise given to EdgeRuntime.waitUntil was rejected:', error))
    .finally(() => background.delete(tracked))
  background.add(tracked)
  return promise
}

function leaveOnce(): () => void {
  let leaving = false
  return () => {
    if (!leaving) void leave()
    leaving = true
  }
}

async function leave(): Promise<never> {
  dispatchEvent(new CustomEvent('beforeunload', { detail: { reason: 'termination' } }))
  await Promise.all(servers.map((server) => server.shutdown()))
  while (background.size > 0) await Promise.all(background)
  Deno.exit(0)
}

function print(value: unknown): string {
  return typeof value === 'string' ? value : Deno.inspect(value, { depth: 6, colors: false })
}

function say(line: WorkerLine): void {
  let rest = new TextEncoder().encode(`${LINE_MARK}${JSON.stringify(line)}\n`)
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest))
}
