/** What the script in a preview tells the pane, and what the pane can ask of it. */
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { type AppOrigin, launchBrowser, openPane, type Pane, startAppOrigin } from './testing/pane.ts'
import { type Previewing, startPreviewing } from './testing/previewing.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

const APP = `import { useState } from 'react'
import { Card } from './card'

export default function App() {
  const [visits] = useState(() => Number(localStorage.getItem('visits') ?? 0) + 1)
  localStorage.setItem('visits', String(visits))
  const fail = () => {
    throw new TypeError('The basket is empty')
  }
  return (
    <main>
      <h1>Shop, visit {visits}</h1>
      <button type="button" onClick={fail}>Fail</button>
      <button type="button" onClick={() => Promise.reject(new Error('No stock'))}>Reject</button>
      <button type="button" onClick={() => console.warn('Low on %s', 'apples', { left: 2 })}>Warn</button>
      <button type="button" onClick={() => { for (let i = 0; i < 1000; i++) console.log(i) }}>Flood</button>
      <button type="button" onClick={() => history.pushState(null, '', '/cart?x=1')}>Cart</button>
      <Card className="p-2 font-bold" />
      <form>
        <input aria-label="Name" defaultValue="Ann" />
        <input type="password" aria-label="Password" defaultValue="hunter2" />
      </form>
    </main>
  )
}
`
const CARD = `export function Card({ className }: { className: string }) {
  return (
    <section>
      <p className={className}>Fresh <b>apples</b></p>
      <span className="text-sm">Only today</span>
    </section>
  )
}
`

let world: Previewing
let app: AppOrigin
let browser: Browser
let address: string
beforeAll(async () => {
  app = await startAppOrigin()
  ;[world, browser] = await Promise.all([startPreviewing({ appOrigins: [app.origin] }), launchBrowser()])
  const project = await world.project()
  const files = {
    'index.html': `<!doctype html><html><head><title>Shop</title></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>`,
    'src/main.tsx': `import { createRoot } from 'react-dom/client'
import App from './App'
createRoot(document.getElementById('root')!).render(<App />)`,
    'src/App.tsx': APP,
    'src/card.tsx': CARD,
  }
  await world.write(project, files, true)
  await world.deployed(project)
  address = `http://${await world.nameOf(project)}/`
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await world?.[Symbol.asyncDispose]()
})

const open = () => openPane(browser, app.origin, address)
const click = (pane: Pane, name: string) => pane.app.getByRole('button', { name }).click()

test('errors arrive with the place in the project where they were thrown', async () => {
  const pane = await open()
  await click(pane, 'Fail')
  const { error } = await pane.hears('error', ({ error }) => error.kind === 'error')
  expect(error).toMatchObject({
    name: 'TypeError',
    message: 'The basket is empty',
    path: '/',
    replayed: false,
  })
  expect(error.frames[0]).toMatchObject({ file: 'src/App.tsx', line: 8, mapped: true })
  await click(pane, 'Reject')
  const rejection = await pane.hears('error', ({ error }) => error.kind === 'rejection')
  expect(rejection.error).toMatchObject({ message: 'No stock' })
  expect(rejection.error.frames[0]).toMatchObject({ file: 'src/App.tsx', line: 14, mapped: true })
})

test('what is printed arrives as text with its place, and a flood is cut', async () => {
  const pane = await open()
  await click(pane, 'Warn')
  const { line } = await pane.hears('console', ({ line }) => line.level === 'warn')
  expect(line.text).toBe('Low on apples {left: 2}')
  expect(line.frame).toMatchObject({ file: 'src/App.tsx', line: 15, mapped: true })
  await click(pane, 'Flood')
  await pane.hears('console', ({ line }) => line.text === '20')
  expect((await pane.heard('console')).length).toBeLessThan(100)
})

test('a pane that comes later hears what happened before', async () => {
  const pane = await open()
  await click(pane, 'Fail')
  const { error } = await pane.hears('error')
  await pane.say({ type: 'hello' })
  const again = await pane.hears('error', ({ error }) => error.replayed)
  expect(again.error.id).toBe(error.id)
  expect(await pane.heard('ready')).toHaveLength(2)
})

test('the pane knows where the app is, and leads it elsewhere and back', async () => {
  const pane = await open()
  await pane.hears('navigated', ({ path, title }) => path === '/' && title === 'Shop')
  await click(pane, 'Cart')
  await pane.hears('navigated', ({ path }) => path === '/cart?x=1')
  await pane.say({ type: 'back' })
  await eventually(async () => expect((await pane.heard('navigated')).at(-1)?.path).toBe('/'))
  await pane.say({ type: 'go', path: '/about' })
  await pane.hears('ready', ({ path }) => path === '/about')
  await pane.say({ type: 'reload' })
  await eventually(async () => expect(await pane.heard('ready')).toHaveLength(3))
})

test('what an app stores is there after a load, whatever the browser thinks of framed pages', async () => {
  const pane = await open()
  await pane.app.getByRole('heading', { name: 'visit 1' }).waitFor()
  await pane.say({ type: 'reload' })
  await pane.app.getByRole('heading', { name: 'visit 2' }).waitFor()
  expect(await pane.heard('error')).toEqual([])
})

test('an element that is pointed at is told with its component and where it is written, and the app knows nothing of it', async () => {
  const pane = await open()
  await pane.hears('visible')
  await pane.say({ type: 'pick', on: true })
  await pane.hears('picking', ({ on }) => on)
  await pane.app.getByText('Only today').click()
  const { element } = await pane.hears('picked')
  expect(element).toMatchObject({
    tag: 'span',
    text: 'Only today',
    isPlainText: true,
    classes: 'text-sm',
    component: 'Card',
    source: { file: 'src/card.tsx', line: 5 },
    components: [
      { name: 'Card', source: { file: 'src/App.tsx', line: 18 } },
      { name: 'App', source: { file: 'src/main.tsx', line: 3 } },
    ],
  })
  expect(element.box.width).toBeGreaterThan(0)
  expect((await pane.heard('picking')).map(({ on }) => on)).toEqual([true, false])

  await pane.say({ type: 'pick', on: true })
  await pane.hears('picking', ({ on }) => on)
  await click(pane, 'Fail')
  await eventually(async () => expect(await pane.heard('picked')).toHaveLength(2))
  expect(await pane.heard('error')).toEqual([])
})

test('Escape ends the pointing', async () => {
  const pane = await open()
  await pane.hears('visible')
  await pane.say({ type: 'pick', on: true })
  await pane.hears('picking', ({ on }) => on)
  await pane.app.getByLabel('Name').press('Escape')
  await pane.hears('picking', ({ on }) => !on)
})

test('the outline says what is on the page, and keeps passwords to itself', async () => {
  const pane = await open()
  await pane.hears('visible')
  await pane.say({ type: 'outline', request: 'r1' })
  const { text, isCut } = await pane.hears('outline', ({ request }) => request === 'r1')
  expect(isCut).toBe(false)
  expect(text).toContain('h1 "Shop, visit 1"')
  expect(text).toContain('p "Fresh"\n')
  expect(text).toContain('input[aria-label="Name" value="Ann"]')
  expect(text).toContain('input[aria-label="Password" type="password"]')
  expect(text).not.toContain('hunter2')
})
