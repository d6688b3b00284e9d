import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BatonError } from './errors.ts'
import { answering, json } from './respond.ts'

const ask = (handler: () => Response, method = 'GET') =>
  answering({ GET: handler })(new Request('http://functions.test/about', { method }))
const refusing = (error: unknown) => () => {
  throw error
}

let lines: string[]
beforeEach(() => {
  lines = []
  for (const level of ['info', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(`${level} ${line}`))
  }
})
afterEach(() => void vi.restoreAllMocks())

test('an answer may be read by any page', async () => {
  const response = await ask(() => json({ fine: true }))
  expect(await response.json()).toEqual({ fine: true })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('a preflight names the methods', async () => {
  const response = await ask(() => json({}), 'OPTIONS')
  expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([
    204,
    'GET, OPTIONS',
  ])
})

test('another method is refused', async () => {
  const response = await ask(() => json({}), 'DELETE')
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, OPTIONS'])
  expect((await response.json()).code).toBe('BT004')
})

test.for([
  ['BT001', 401],
  ['BT002', 403],
  ['BT003', 404],
  ['BT005', 409],
  ['BT011', 429],
] as const)('a refusal keeps its code: %s is HTTP %i', async ([code, status]) => {
  const response = await ask(
    refusing(new BatonError(code, 'No.', { details: { who: 'Ada' }, hint: 'Ask Ada.' })),
  )
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({ code, message: 'No.', details: { who: 'Ada' }, hint: 'Ask Ada.' })
})

test('a fault is told to the log in full and to the caller not at all', async () => {
  const response = await ask(refusing(new Error('password is hunter2', { cause: new Error('deeper') })))
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('hunter2')
  expect(lines.join()).toMatch(/^error .*hunter2.*deeper/)
})
