import { expect, test } from 'vitest'
import { parseHealth } from './health.ts'

test('each part is listed with its state, and one that is down spoils the whole', () => {
  const body = JSON.stringify({
    status: 'degraded',
    parts: {
      database: { state: 'up', latencyMs: 1.2 },
      realtime: { state: 'down', detail: 'nobody listens on its port', latencyMs: 3 },
    },
  })
  expect(parseHealth(503, body)).toEqual({
    isWhole: false,
    parts: [
      { name: 'database', isUp: true, detail: null, latencyMs: 1.2 },
      { name: 'realtime', isUp: false, detail: 'nobody listens on its port', latencyMs: 3 },
    ],
  })
})

test.each([
  [404, '{"message":"no Route matched"}'],
  [401, '{}'],
  [200, 'ok'],
  [200, '{"status":"ok"}'],
])('an answer of %i with %s is that of an API without such a page', (status, body) => {
  expect(parseHealth(status, body)).toBeNull()
})
