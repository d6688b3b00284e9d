import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Route } from './routes.ts'

const METHODS = 'GET, HEAD, PUT, PATCH, POST, DELETE, OPTIONS, TRACE, CONNECT'
const EXPOSED = [
  'Content-Encoding',
  'Content-Location',
  'Content-Range',
  'Content-Type',
  'Date',
  'Location',
  'Preference-Applied',
  'Range-Unit',
  'X-Request-Id',
  'X-Sb-Error-Code',
  'Sb-Error-Code',
].join(', ')

/** As on hosted: any origin may call these, since the key and token decide; functions answer for themselves. */
const OPEN_ROUTES: readonly Route[] = ['rest', 'auth', 'storage', 'realtime']

export const isOpen = (route: Route | null): boolean => route !== null && OPEN_ROUTES.includes(route)

export const isPreflight = (request: IncomingMessage): boolean =>
  request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined

export function allowAnyOrigin(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', EXPOSED)
}

export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
    vary: 'Access-Control-Request-Headers',
  })
  response.end()
}
