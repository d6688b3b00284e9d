import { expect, test } from 'vitest'
import type { FromPreview } from '../../services/preview/messages.ts'
import { changePage, EMPTY_PAGE, type PreviewPage } from './preview-page.ts'

const hear = (page: PreviewPage, ...messages: FromPreview[]) =>
  changePage(page, { type: 'messages', messages, at: 0 })
const ready: FromPreview = { type: 'ready', deployment: 'd1', version: 3, path: '/a', title: 'App' }
const visible = (values: object): FromPreview => ({
  type: 'visible',
  deployment: 'd1',
  version: 3,
  how: 'opened',
  ms: null,
  modules: 0,
  ...values,
})

test('a page says where it is, also when it moves on by itself', () => {
  const page = hear(EMPTY_PAGE, ready, { type: 'navigated', path: '/b', title: 'B' })
  expect(page).toMatchObject({ isReady: true, path: '/b', title: 'B', version: 3 })
})

test('a path that leads elsewhere is none', () => {
  expect(hear(EMPTY_PAGE, { ...ready, path: '' } as FromPreview).path).toBe('/')
})

test('what was measured stays until there is something newer to measure', () => {
  const page = hear(EMPTY_PAGE, visible({ how: 'hot', ms: 42 }), visible({ ms: null }))
  expect(page.visible).toMatchObject({ how: 'hot', ms: 42 })
  expect(hear(page, visible({ deployment: 'd2', version: 4 })).visible).toMatchObject({
    ms: null,
    version: 4,
  })
})

test('a page that is left keeps what its console said, and forgets what was picked', () => {
  const line = { id: '1', level: 'log', text: 'x', frame: null, at: 0, replayed: false } as const
  const page = hear(EMPTY_PAGE, ready, { type: 'console', line }, { type: 'picking', on: true })
  expect(page.isPicking).toBe(true)
  expect(changePage(page, { type: 'left' })).toMatchObject({
    isReady: false,
    isPicking: false,
    picked: null,
    path: '/a',
    log: { lines: [line] },
  })
})

test('picking ends with the element', () => {
  const element = { tag: 'h1' } as Extract<FromPreview, { type: 'picked' }>['element']
  const page = hear(EMPTY_PAGE, { type: 'picking', on: true }, { type: 'picked', element })
  expect(page).toMatchObject({ isPicking: false, picked: { tag: 'h1' } })
  expect(changePage(page, { type: 'unpicked' }).picked).toBeNull()
})
