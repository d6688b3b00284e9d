/** Counts and times of requests in Prometheus' text form. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

type Histogram = { buckets: number[]; count: number; sum: number }

export function createMetrics() {
  const requests = new Map<string, number>()
  const durations = new Map<string, Histogram>()

  return {
    request(route: string, status: number, seconds: number): void {
      const labels = `route="${route}",status="${status}"`
      requests.set(labels, (requests.get(labels) ?? 0) + 1)
      const histogram = durations.get(route) ?? { buckets: BUCKETS_S.map(() => 0), count: 0, sum: 0 }
      durations.set(route, histogram)
      histogram.count++
      histogram.sum += seconds
      BUCKETS_S.forEach((limit, index) => {
        if (seconds <= limit) histogram.buckets[index]!++
      })
    },
    render: (): string =>
      [
        '# HELP baton_http_requests_total Requests answered by the gateway.',
        '# TYPE baton_http_requests_total counter',
        ...[...requests].map(([labels, count]) => `baton_http_requests_total{${labels}} ${count}`),
        '# HELP baton_http_request_duration_seconds From the head of a request to the end of its answer.',
        '# TYPE baton_http_request_duration_seconds histogram',
        ...[...durations].flatMap(([route, histogram]) => renderHistogram(route, histogram)),
        '',
      ].join('\n'),
  }
}

function renderHistogram(route: string, { buckets, count, sum }: Histogram): string[] {
  const name = 'baton_http_request_duration_seconds'
  return [
    ...BUCKETS_S.map((limit, index) => `${name}_bucket{route="${route}",le="${limit}"} ${buckets[index]}`),
    `${name}_bucket{route="${route}",le="+Inf"} ${count}`,
    `${name}_sum{route="${route}"} ${sum}`,
    `${name}_count{route="${route}"} ${count}`,
  ]
}
