export const ROUTES = {
  rest: '/rest/v1',
  auth: '/auth/v1',
  storage: '/storage/v1',
  functions: '/functions/v1',
  realtime: '/realtime/v1',
  health: '/health',
  metrics: '/metrics',
  mailbox: '/mailbox',
  index: '/',
} as const

export type Route = keyof typeof ROUTES

export function routeOf(pathname: string): Route | null {
  if (pathname === ROUTES.index) return 'index'
  for (const [route, prefix] of Object.entries(ROUTES) as [Route, string][]) {
    if (route === 'index') continue
    if (pathname === prefix || pathname.startsWith(`${prefix}/`)) return route
  }
  return null
}
