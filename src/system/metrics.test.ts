import { expect, test } from 'vitest'
import { parseMetrics } from './metrics.ts'

const TEXT = `# HELP baton_http_requests_total Requests answered by the gateway.
# TYPE baton_http_requests_total counter
baton_http_requests_total{route="auth",status="200"} 3
baton_http_requests_total{route="rest",status="200"} 9
baton_http_requests_total{route="rest",status="503"} 1
baton_http_request_duration_seconds_bucket{route="rest",le="0.01"} 10
baton_http_request_duration_seconds_sum{route="rest"} 0.05
baton_http_request_duration_seconds_count{route="rest"} 10
realtime_sockets 2
`

test('requests, faults and mean times are summed up for each route, the busiest first', () => {
  expect(parseMetrics(TEXT)).toEqual([
    { route: 'rest', requests: 10, faults: 1, meanMs: 5 },
    { route: 'auth', requests: 3, faults: 0, meanMs: 0 },
  ])
})

test('text that is no metrics is no routes', () => {
  expect(parseMetrics('<html>')).toEqual([])
})
