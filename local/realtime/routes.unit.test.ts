import { expect, test } from 'vitest'
import { parseJoin } from './join-config.ts'
import { parseRoute } from './routes.ts'

const route = (path: string) => parseRoute(new URL(path, 'http://localhost'))

test.each([
  '/realtime/v1/websocket?vsn=2.0.0',
  '/socket/websocket',
  '/websocket',
  '/realtime/v1/socket/websocket',
])('%s is a socket', (path) => {
  expect(route(path)).toEqual({ name: 'websocket' })
})

test('the path of a single broadcast names topic and event', () => {
  expect(route('/realtime/v1/api/broadcast/a%2Fb%3Ac/events/%C3%A9?private=true')).toEqual({
    name: 'single',
    topic: 'a/b:c',
    event: 'é',
    isPrivate: true,
  })
  expect(route('/api/broadcast')).toEqual({ name: 'batch' })
  expect(route('/api/broadcast/%E0%A4%A/events/x')).toEqual({ name: 'unknown' })
  expect(route('/realtime/v10/websocket')).toEqual({ name: 'unknown' })
})

test('a join without or with a broken configuration is a public channel', () => {
  for (const payload of [
    null,
    {},
    { config: 5 },
    { config: { broadcast: 'x', presence: [], postgres_changes: {} } },
  ]) {
    expect(parseJoin(payload)).toMatchObject({
      accessToken: null,
      isPrivate: false,
      broadcast: { ack: false, self: false, replicationReady: false },
      presence: { enabled: false, key: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      postgresChanges: [],
    })
  }
})

test('booleans may be written as text, and keys are no tokens', () => {
  const payload = {
    access_token: 'sb_publishable_x',
    config: {
      private: 'true',
      broadcast: { ack: 'true', self: 'false' },
      presence: { key: 'me', enabled: true },
    },
  }
  expect(parseJoin(payload)).toMatchObject({
    accessToken: null,
    isPrivate: true,
    broadcast: { ack: true, self: false },
    presence: { key: 'me', enabled: true },
  })
  expect(parseJoin({ user_token: 'a.b.c' }).accessToken).toBe('a.b.c')
})
