import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../../log.ts'
import type { Route } from './routes.ts'

const SILENT: readonly (Route | null)[] = ['health', 'metrics']

export type Access = {
  id: string
  request: IncomingMessage
  response: ServerResponse
  route: Route | null
  pathname: string
  ms: number
}

/** The path alone: queries and headers carry keys and tokens. */
export function logAccess(log: Log, { id, request, response, route, pathname, ms }: Access): void {
  const isFailure = response.statusCode >= 500
  const level = isFailure ? 'warn' : SILENT.includes(route) ? 'debug' : 'info'
  if (level === 'debug') return
  log[level]('request', {
    id,
    method: request.method,
    path: pathname.slice(0, 300),
    status: response.statusCode,
    ms: Math.round(ms * 10) / 10,
    ...(response.writableFinished ? {} : { aborted: true }),
  })
}
