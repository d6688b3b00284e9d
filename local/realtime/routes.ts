/** The paths of hosted Supabase (`/realtime/v1/…`), and those of its server behind the gateway (`/socket/…`, `/api/…`). */
export type Route =
  | { name: 'websocket' }
  | { name: 'batch' }
  | { name: 'single'; topic: string; event: string; isPrivate: boolean }
  | { name: 'health' }
  | { name: 'metrics' }
  | { name: 'unknown' }

export function parseRoute(url: URL): Route {
  const path = url.pathname.replace(/^\/realtime\/v1(?=\/|$)/, '').replace(/^\/socket(?=\/)/, '')
  if (path === '/websocket') return { name: 'websocket' }
  if (path === '/health' || path === '/metrics') return { name: path.slice(1) as 'health' | 'metrics' }
  if (path === '/api/broadcast') return { name: 'batch' }
  const single = /^\/api\/broadcast\/([^/]+)\/events\/([^/]+)$/.exec(path)
  if (!single) return { name: 'unknown' }
  try {
    const [topic, event] = [decodeURIComponent(single[1]!), decodeURIComponent(single[2]!)]
    return { name: 'single', topic, event, isPrivate: url.searchParams.get('private') === 'true' }
  } catch {
    return { name: 'unknown' }
  }
}
