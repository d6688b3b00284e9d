/** What Prometheus' text form says of each route of the API. */
export type RouteMetrics = {
  route: string
  requests: number
  /** Answers with a status of 500 and above. */
  faults: number
  meanMs: number
}

type Sample = { name: string; labels: Record<string, string>; value: number }

export function parseMetrics(text: string): RouteMetrics[] {
  const routes = new Map<string, { requests: number; faults: number; seconds: number; timed: number }>()
  for (const { name, labels, value } of text.split('\n').flatMap(sampleOf)) {
    const { route } = labels
    if (!route) continue
    const sums = routes.get(route) ?? { requests: 0, faults: 0, seconds: 0, timed: 0 }
    routes.set(route, sums)
    if (name === 'baton_http_requests_total') sums.requests += value
    if (name === 'baton_http_requests_total' && Number(labels.status) >= 500) sums.faults += value
    if (name === 'baton_http_request_duration_seconds_sum') sums.seconds += value
    if (name === 'baton_http_request_duration_seconds_count') sums.timed += value
  }
  return [...routes]
    .map(([route, { requests, faults, seconds, timed }]) => ({
      route,
      requests,
      faults,
      meanMs: timed === 0 ? 0 : (seconds / timed) * 1000,
    }))
    .sort((one, other) => other.requests - one.requests)
}

function sampleOf(line: string): Sample[] {
  const match = /^([a-z_]+)\{(.*)\} ([0-9.e+-]+)$/.exec(line)
  if (!match) return []
  const [, name = '', inside = '', value] = match
  const labels = Object.fromEntries(
    [...inside.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
  )
  return [{ name, labels, value: Number(value) }]
}
