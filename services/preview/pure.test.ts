import { describe, expect, test } from 'vitest'
import { addressOf, slugOf } from './address.ts'
import { chooseEncoding } from './encoding.ts'
import { stepBetween } from './graph-delta.ts'
import { inlineScriptHashes, withClient } from './inject.ts'
import { type FromPreview, readFromPreview, readToPreview, toSend } from './messages.ts'
import { contentSecurityPolicy } from './security-headers.ts'
import type { Graph } from './source.ts'

describe('a name', () => {
  const domains = { preview: 'preview.localhost:54323', apps: 'apps.localhost:54323', customDomains: true }
  test.for([
    ['todo-1.preview.localhost:54323', { kind: 'preview', label: 'todo-1' }],
    ['TODO-1.Preview.Localhost:54323', { kind: 'preview', label: 'todo-1' }],
    ['todo-1--key.preview.localhost:54323', { kind: 'preview', label: 'todo-1--key' }],
    ['todo-1.apps.localhost:54323', { kind: 'production', label: 'todo-1' }],
    ['app.example.com', { kind: 'domain', label: 'app.example.com' }],
    ['preview.localhost:54323', { kind: 'front' }],
    ['127.0.0.1:54323', { kind: 'front' }],
    ['todo-1.preview.localhost:1', { kind: 'foreign' }],
    ['a.todo-1.preview.localhost:54323', { kind: 'foreign' }],
    ['app.example.com:54323', { kind: 'foreign' }],
    ['10.0.0.1', { kind: 'foreign' }],
    ['', { kind: 'foreign' }],
  ] as const)('%s', ([host, address]) => expect(addressOf(host, domains)).toEqual(address))

  test('with a key has the slug in front of it', () => expect(slugOf('todo-1--key')).toBe('todo-1'))
})

test.for([
  ['br, gzip', 'br'],
  ['gzip;q=1.0, identity', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['br;q=0.0', null],
  ['*', null],
  [null, null],
] as const)('"%s" is answered in %s', ([accepted, encoding]) => {
  expect(chooseEncoding(accepted, ['br', 'gzip'])).toBe(encoding)
})

describe('the page of a preview', () => {
  test('has our client right behind its doctype, or gets both', () => {
    const tags = '<script type="application/json" id="baton-preview">{}</script><script src="/c.js"></script>'
    expect(withClient('<!DOCTYPE html>\n<html>', '/c.js', {})).toBe(`<!DOCTYPE html>${tags}\n<html>`)
    expect(withClient('<!-- x --><html>', '/c.js', {})).toBe(`<!doctype html>${tags}<!-- x --><html>`)
  })
  test('cannot end the data that is written into it', () => {
    expect(withClient('', '/c.js', { title: '</script><script>' })).not.toMatch(/<\/script><script>"/)
  })
  test('may run its own inline scripts, and is named their hashes', async () => {
    const html = '<script>1</script><script src="x.js"></script><script type="application/json">{}</script>'
    expect(await inlineScriptHashes(html)).toEqual(['a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='])
  })
})

test('a setting can open a connection to one origin, and nothing else in the policy', () => {
  const connect = [
    'http://127.0.0.1:54321',
    "https://x; script-src 'unsafe-inline'",
    'javascript:1',
    "'self'",
  ]
  const policy = contentSecurityPolicy({ kind: 'preview', appOrigins: ['http://app'], connect })
  expect(policy).toContain("connect-src 'self' data: blob: https: wss: http://127.0.0.1:54321;")
  expect(policy).not.toContain("'unsafe-inline' https:;script")
  expect(policy.match(/script-src/g)).toHaveLength(1)
})

describe('the step between two deployments', () => {
  const module = (own: string, imports: string[] = []) => ({
    url: `/@m/${own}`,
    own,
    imports,
    lazy: [],
    refresh: true,
  })
  const graph = (more: Partial<Graph> = {}): Graph => ({
    entries: ['main'],
    css: ['/a.css'],
    vendor: 'v',
    html: 'h',
    modules: { main: module('1'), App: module('2') },
    ...more,
  })
  test('names what differs, what is new and what is gone', () => {
    const to = graph({ css: ['/b.css'], modules: { main: module('1'), App: module('3'), New: module('4') } })
    const from = graph({ modules: { ...graph().modules, Old: module('5') } })
    expect(stepBetween(from, to)).toEqual({
      delta: { css: ['/b.css'], modules: { App: module('3'), New: module('4'), Old: null } },
    })
  })
  test.for([[{ vendor: 'w' }], [{ html: 'i' }], [{ entries: ['other'] }]] as const)(
    '%j loads the page',
    ([change]) => {
      expect(stepBetween(graph(), graph(change as Partial<Graph>))).toHaveProperty('reload')
    },
  )
  test('is a load where one of them has no modules', () => {
    expect(stepBetween(undefined, graph())).toHaveProperty('reload')
  })
})

describe('messages', () => {
  test('arrive as they were sent', () => {
    const message: FromPreview = {
      type: 'visible',
      deployment: 'd',
      version: 3,
      how: 'hot',
      ms: 31.5,
      modules: 1,
    }
    expect(readFromPreview(toSend(message))).toEqual(message)
    expect(readToPreview(toSend({ type: 'go', path: '/a?b#c' }))).toEqual({ type: 'go', path: '/a?b#c' })
  })
  test.for([
    [null],
    ['hello'],
    [{ type: 'hello' }],
    [{ baton: 2, type: 'hello' }],
    [{ baton: 1, type: 'constructor' }],
    [{ baton: 1, type: ['hello'] }],
    [{ baton: 1, type: 'go', path: '//evil.example' }],
    [{ baton: 1, type: 'go', path: '/\\evil.example' }],
    [{ baton: 1, type: 'go', path: 'javascript:alert(1)' }],
    [{ baton: 1, type: 'go', path: '/a\nb' }],
    [{ baton: 1, type: 'go' }],
  ] as const)('%j is no order', ([data]) => expect(readToPreview(data)).toBeNull())

  test('that are too long or of other types are cut to what they may be', () => {
    const element = {
      tag: 7,
      text: 'x'.repeat(100_000),
      attributes: { [`a${'b'.repeat(1_000)}`]: {} },
      components: 'all',
      box: { x: Number.NaN },
    }
    const read = readFromPreview({ baton: 1, type: 'picked', element })
    expect(read).toMatchObject({
      element: { tag: '', components: [], box: { x: 0, width: 0 }, source: null },
    })
    expect(JSON.stringify(read).length).toBeLessThan(10_000)
    const error = { frames: Array.from({ length: 1_000 }, () => ({ file: 'x' })), message: {}, at: Infinity }
    expect(readFromPreview({ baton: 1, type: 'error', error })).toMatchObject({
      error: { message: '', at: 0, kind: 'error' },
    })
    expect(readFromPreview({ baton: 1, type: 'error', error })).toHaveProperty('error.frames.length', 30)
  })
})
