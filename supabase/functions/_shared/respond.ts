/** The HTTP shell that all functions share: methods, CORS, JSON, and one mapping from refusals to answers. */
import { BatonError, type ErrorCode } from './errors.ts'
import { createLog, type Log } from './log.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Context = { log: Log; requestId: string }
export type Handler = (request: Request, context: Context) => Response | Promise<Response>

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers':
    'authorization, apikey, content-type, x-client-info, x-supabase-api-version',
  'access-control-expose-headers': 'sb-error-code, sb-request-id',
  'access-control-max-age': '3600',
}

/** What `Deno.serve` is given. */
export function answering(
  handlers: Partial<Record<Method, Handler>>,
): (request: Request) => Promise<Response> {
  const allow = [...Object.keys(handlers), 'OPTIONS'].join(', ')
  return async (request) => {
    if (request.method === 'OPTIONS') {
      return new Response(null, { status: 204, headers: { ...CORS, 'access-control-allow-methods': allow } })
    }
    const handler = handlers[request.method as Method]
    if (!handler) return refuse(new BatonError('BT004', `Use ${allow}.`), 405, { allow })
    const requestId = request.headers.get('sb-request-id') ?? crypto.randomUUID()
    const log = createLog({ request: requestId })
    try {
      return withCors(await handler(request, { log, requestId }))
    } catch (error) {
      return refusalOf(error, log)
    }
  }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } })
}

/** Those that are not listed say that the state of things, not the request, is in the way: 409. */
const STATUS: Partial<Record<ErrorCode | 'unknown', number>> = {
  BT001: 401,
  BT002: 403,
  BT003: 404,
  BT004: 400,
  BT010: 403,
  BT011: 429,
  unknown: 500,
}

function refusalOf(error: unknown, log: Log): Response {
  if (error instanceof BatonError && error.code !== 'unknown') {
    log.info('refused', { code: error.code, reason: error.message, cause: error.cause })
    return refuse(error, STATUS[error.code] ?? 409)
  }
  log.error('failed', { error })
  return refuse(new BatonError('unknown', 'Something went wrong; the log of the function says what.'), 500)
}

function refuse(error: BatonError, status: number, headers: Record<string, string> = {}): Response {
  const { code, message, details, hint } = error
  return withCors(json({ code, message, details, hint }, status, headers))
}

function withCors(response: Response): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(CORS)) headers.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
