import { describe, expect, test } from 'vitest'
import { createAuthLimits } from './auth/limits.ts'
import { createRedirectCheck } from './auth/redirects.ts'
import { createHealth } from './health/health.ts'
import { routeOf } from './http/routes.ts'
import { holdKey } from './identity.ts'
import { isoTimestamp } from './rest/column-types.ts'
import { describeDatabaseError } from './rest/database-errors.ts'
import { beginStatement } from './rest/session-context.ts'
import { listFolder } from './storage/object-listing.ts'

test.each([
  ['2026-11-21 10:00:00+00', '2026-11-21T10:00:00+00:00'],
  ['2026-11-21 10:00:00.123456+05:30', '2026-11-21T10:00:00.123456+05:30'],
  ['2026-11-21 10:00:00', '2026-11-21T10:00:00'],
  ['infinity', 'infinity'],
])('the moment %s is written as %s', (text, iso) => {
  expect(isoTimestamp(text)).toBe(iso)
})

test('what a person claims is quoted, whatever it holds', () => {
  const claims = { role: "x', true); drop table y; --", sub: "\\' or 1=1\0" }
  const statement = beginStatement({ claims, searchPath: 'public', roleSettings: new Map(), readOnly: false })
  expect(statement).toContain("set_config('role', 'x'', true); drop table y; --', true)")
  expect(statement).toContain("set_config('request.jwt.claim.sub', '\\'' or 1=1', true)")
})

test.each([
  ['42501', true, 401],
  ['42501', false, 403],
  ['PT418', false, 418],
  ['PT999', false, 500],
  ['22P02', false, 400],
  ['57P01', false, 500],
  ['XX000', false, 500],
])('SQLSTATE %s (anonymous: %s) is answered %i', (code, isAnonymous, status) => {
  expect(describeDatabaseError({ code, message: '' }, isAnonymous).status).toBe(status)
})

test('a function may set the whole answer', () => {
  const message = JSON.stringify({ code: 'X', message: 'No tea.', details: { by: 1 } })
  const detail = JSON.stringify({ status: 418, headers: { 'x-tea': 'none', bad: 1 } })
  expect(describeDatabaseError({ code: 'PGRST', message, detail }, false)).toEqual({
    status: 418,
    headers: { 'x-tea': 'none' },
    body: { code: 'X', message: 'No tea.', details: { by: 1 }, hint: null },
  })
  expect(describeDatabaseError({ code: 'PGRST', message: 'x' }, false).body.code).toBe('PGRST121')
})

describe('keys', () => {
  const keys = { publishable: 'sb_publishable_a', secret: 'sb_secret_b', jwtSecret: '', databasePassword: '' }
  const hold = (apikey: string, authorization?: string, userAgent?: string) =>
    holdKey(keys, { apikey, authorization, userAgent })
  test('leave the token of a person beside them', () => {
    expect(hold(keys.publishable, 'Bearer a.b.c')).toEqual({ keyType: 'publishable', bearer: 'a.b.c' })
    expect(hold(keys.secret, `Bearer ${keys.secret}`)).toEqual({ keyType: 'secret', bearer: null })
    expect(() => hold(keys.publishable, `Bearer ${keys.secret}`)).toThrow('Invalid Authorization header')
    expect(() => hold(keys.secret, undefined, 'Mozilla/5.0 (X)')).toThrow('browser')
    expect(() => hold('')).toThrow('No API key')
  })
})

test('wrong passwords are counted for their address alone, and forgotten after a while', () => {
  let now = 0
  const limits = createAuthLimits(
    {
      wrongPasswords: { count: 2, perMs: 100 },
      mails: { count: 9, perMs: 100 },
      mailBurst: { count: 9, perMs: 1 },
      wrongCodes: { count: 9, perMs: 1 },
    },
    () => now,
  )
  const attempt = (email: string) => ({ method: 'POST', path: '/token', grant: 'password', email })
  limits.after(attempt('a@x.test'), true)
  limits.after(attempt('A@x.test'), true)
  limits.after(attempt('a@x.test'), false)
  expect(() => limits.before(attempt('a@x.test'))).toThrow('Too many')
  expect(() => limits.before(attempt('b@x.test'))).not.toThrow()
  now = 100
  expect(() => limits.before(attempt('a@x.test'))).not.toThrow()
})

test('a link leads to the app under either of its names', () => {
  const allowed = createRedirectCheck('http://127.0.0.1:54322')
  expect(allowed('http://localhost:54322/reset?a=1')).toBe('http://localhost:54322/reset?a=1')
  expect(allowed('https://127.0.0.1:54322/')).toBe('http://127.0.0.1:54322')
  expect(allowed(null)).toBe('http://127.0.0.1:54322')
})

test('routes are known by their first folders', () => {
  expect(['/', '/rest/v1/x', '/rest/v10', '/health', '/healthy', '/mailbox/api'].map(routeOf)).toEqual([
    'index',
    'rest',
    null,
    'health',
    null,
    'mailbox',
  ])
})

test('a folder shows what is directly in it', () => {
  const objects = ['a/1', 'a/b/2', 'a/b/3', 'ab/4', 'a/c'].map((name) => ({ id: name, name }))
  expect(listFolder(objects, 'a').map(({ name, id }) => [name, id])).toEqual([
    ['1', 'a/1'],
    ['b', null],
    ['c', 'a/c'],
  ])
})

test('health asks all parts at once, once for all who ask meanwhile, and waits for none for long', async () => {
  let asked = 0
  const health = createHealth(
    { never: () => new Promise(() => {}), fine: async () => void asked++ },
    { timeoutMs: 20, rememberMs: 1_000 },
  )
  const [answer] = await Promise.all([health(), health()])
  expect(asked).toBe(1)
  expect(answer).toMatchObject({
    status: 'degraded',
    parts: { never: { state: 'down' }, fine: { state: 'up' } },
  })
})
