/** Open previews in a real browser, while the files behind them change. */
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { type AppOrigin, launchBrowser, openPane, startAppOrigin } from './testing/pane.ts'
import { type Previewing, startPreviewing } from './testing/previewing.ts'

const counter = (title: string) => `import { useState } from 'react'
import { Label } from './label'
export default function App() {
  const [count, setCount] = useState(0)
  return (
    <main className="p-4">
      <h1>${title}</h1>
      <Label>{count}</Label>
      <button type="button" onClick={() => setCount(count + 1)}>More</button>
    </main>
  )
}`
const FILES = {
  'index.html': `<!doctype html><html><head><title>App</title></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>`,
  'src/main.tsx': `import { createRoot } from 'react-dom/client'
import App from './App'
import './index.css'
createRoot(document.getElementById('root')!).render(<App />)`,
  'src/index.css': '@import "tailwindcss";',
  'src/App.tsx': counter('One'),
  'src/label.tsx':
    'export function Label({ children }: { children: React.ReactNode }) { return <output>{children}</output> }',
}

let world: Previewing
let app: AppOrigin
let browser: Browser
beforeAll(async () => {
  app = await startAppOrigin()
  ;[world, browser] = await Promise.all([startPreviewing({ appOrigins: [app.origin] }), launchBrowser()])
  await newApp() // the first build of all bundles the packages too
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await world?.[Symbol.asyncDispose]()
})

async function newApp(files: Record<string, string> = {}) {
  const project = await world.project()
  await world.write(project, { ...FILES, ...files }, true)
  await world.deployed(project)
  const address = `http://${await world.nameOf(project)}/`
  return { project, address, open: () => openPane(browser, app.origin, address) }
}

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

test('a component that changes is exchanged in place, and what was counted stays', async () => {
  const { project, open } = await newApp()
  const pane = await open()
  await pane.app.getByRole('button').click()
  await pane.app.getByRole('button').click()
  await world.write(project, { 'src/App.tsx': counter('Two') })
  await pane.app.getByRole('heading', { name: 'Two' }).waitFor()
  expect(await pane.app.getByRole('status').textContent()).toBe('2')
  const visible = await pane.hears('visible', ({ how }) => how === 'hot')
  expect(visible).toMatchObject({ modules: 1 })
  expect(visible.ms).toBeGreaterThan(0)
})

test('what is changed back shows again, as often as it is, with the state kept', async () => {
  const words = (text: string) => `export const words = '${text}'`
  const label = `import { words } from './words'
export function Label({ children }: { children: React.ReactNode }) { return <output>{words} {children}</output> }`
  const { project, open } = await newApp({ 'src/label.tsx': label, 'src/words.ts': words('first') })
  const pane = await open()
  await pane.app.getByRole('button').click()
  for (const [title, text] of [
    ['Two', 'second'],
    ['One', 'first'],
    ['Two', 'first'],
    ['One', 'second'],
    ['One', 'first'],
  ] as const) {
    await world.write(project, { 'src/App.tsx': counter(title), 'src/words.ts': words(text) })
    await pane.app.getByRole('heading', { name: title }).waitFor()
    await pane.app.getByText(`${text} 1`).waitFor()
  }
  await pane.app.getByRole('button').click()
  await pane.app.getByText('first 2').waitFor()
})

test('a module that only does something does it again when it is changed back', async () => {
  const does = (title: string) => `document.title = '${title}'`
  const uses = (title: string) => `import './does'\n${counter(title)}`
  const { project, open } = await newApp({ 'src/App.tsx': uses('One'), 'src/does.ts': does('First') })
  const pane = await open()
  for (const [title, done] of [
    ['Two', 'Second'],
    ['One', 'First'],
  ] as const) {
    await world.write(project, { 'src/App.tsx': uses(title), 'src/does.ts': does(done) })
    await pane.app.getByRole('heading', { name: title }).waitFor()
    await eventually(async () =>
      expect(await pane.app.locator('html').evaluate(() => document.title)).toBe(done),
    )
  }
})

test('who comes late sees the newest version, and follows along with those who were there', async () => {
  const { project, open } = await newApp()
  const first = await open()
  await first.hears('visible')
  await world.write(project, { 'src/App.tsx': counter('Two') })
  await first.app.getByRole('heading', { name: 'Two' }).waitFor()
  const late = await open()
  await late.app.getByRole('heading', { name: 'Two' }).waitFor()
  await late.app.getByRole('button').click()
  await world.write(project, { 'src/App.tsx': counter('Three') })
  for (const { app } of [first, late]) await app.getByRole('heading', { name: 'Three' }).waitFor()
  expect(await late.app.getByRole('status').textContent()).toBe('1')
})

test('a page whose host was gone takes up from what it shows, with its state', async () => {
  const { project, open } = await newApp()
  const pane = await open()
  await pane.app.getByRole('button').click()
  await pane.hears('connection', ({ state }) => state === 'live')
  const { port } = world.preview()
  await world.preview().stop()
  await pane.hears('connection', ({ state }) => state === 'offline')
  await world.write(project, { 'src/App.tsx': counter('While it was away') })
  await world.deployed(project)
  await world.startAt(port)
  await pane.app.getByRole('heading', { name: 'While it was away' }).waitFor()
  expect(await pane.app.getByRole('status').textContent()).toBe('1')
})

test('a build that fails changes nothing on the page, and the next good one goes on from there', async () => {
  const { project, open } = await newApp()
  const pane = await open()
  await pane.app.getByRole('button').click()
  await world.write(project, { 'src/App.tsx': 'export default function App() { return <h1>Two' })
  expect((await world.ended(project)).state).toBe('failed')
  expect(await pane.app.getByRole('heading').textContent()).toBe('One')
  await world.write(project, { 'src/App.tsx': counter('Mended') })
  await pane.app.getByRole('heading', { name: 'Mended' }).waitFor()
  expect(await pane.app.getByRole('status').textContent()).toBe('1')
  expect(await pane.heard('error')).toEqual([])
})

test('a module that is no component runs again with the components that use it', async () => {
  const { project, open } = await newApp({
    'src/words.ts': `export const greeting = 'Hello'`,
    'src/label.tsx': `import { greeting } from './words'
export function Label({ children }: { children: React.ReactNode }) { return <output>{greeting} {children}</output> }`,
  })
  const pane = await open()
  await pane.app.getByRole('button').click()
  await world.write(project, { 'src/words.ts': `export const greeting = 'Welcome'` })
  await pane.app.getByText('Welcome 1').waitFor()
  expect(await pane.hears('visible', ({ how }) => how === 'hot')).toMatchObject({ modules: 2 })
})

test('a module that everything stands on loads the page again, which then shows the new one', async () => {
  const { project, open } = await newApp()
  const pane = await open()
  await pane.app.getByRole('button').click()
  await world.write(project, { 'src/main.tsx': `${FILES['src/main.tsx']}\ndocument.title = 'Changed'` })
  const visible = await pane.hears('visible', ({ how }) => how === 'reloaded')
  expect(visible.ms).toBeGreaterThan(0)
  expect(await pane.app.getByRole('status').textContent()).toBe('0')
  expect((await pane.hears('navigated', ({ title }) => title === 'Changed')).path).toBe('/')
})

test('a context that imports an edited component stays one, for those who are edited next', async () => {
  const theme = `import { createContext, useContext, useState } from 'react'
import { Label } from './label'
const Theme = createContext<string | null>(null)
export function useTheme() {
  const theme = useContext(Theme)
  if (!theme) throw new Error('useTheme outside of its provider')
  return theme
}
export function Themed({ children }: { children: React.ReactNode }) {
  const [theme] = useState('dark')
  return <Theme.Provider value={theme}><Label>{theme}</Label>{children}</Theme.Provider>
}`
  const page = (title: string) => `import { useTheme } from './theme'
export function Page() { return <h1>${title} {useTheme()}</h1> }`
  const { project, open } = await newApp({
    'src/theme.tsx': theme,
    'src/page.tsx': page('First'),
    'src/App.tsx': `import { Page } from './page'
import { Themed } from './theme'
export default function App() { return <Themed><Page /></Themed> }`,
  })
  const pane = await open()
  await pane.app.getByRole('heading', { name: 'First dark' }).waitFor()
  await world.write(project, {
    'src/label.tsx':
      'export function Label({ children }: { children: React.ReactNode }) { return <output>Theme: {children}</output> }',
  })
  await pane.app.getByText('Theme: dark').waitFor()
  await world.write(project, { 'src/page.tsx': page('Second') })
  await pane.app.getByRole('heading', { name: 'Second dark' }).waitFor()
  expect(await pane.heard('error')).toEqual([])
  expect((await pane.heard('visible')).map(({ how }) => how)).toEqual(['opened', 'hot', 'hot'])
})

test('a page of the app that was edited before it was first opened opens as it is now', async () => {
  const about = (text: string) => `export default function About() { return <p>${text}</p> }`
  const { project, open } = await newApp({
    'src/about.tsx': about('Old'),
    'src/App.tsx': `import { lazy, Suspense, useState } from 'react'
const About = lazy(() => import('./about'))
export default function App() {
  const [isOpen, open] = useState(false)
  return <><button type="button" onClick={() => open(true)}>About</button><Suspense>{isOpen && <About />}</Suspense></>
}`,
  })
  const pane = await open()
  await pane.hears('connection', ({ state }) => state === 'live')
  await world.write(project, { 'src/about.tsx': about('New') })
  await pane.hears('visible', ({ how }) => how === 'hot')
  await pane.app.getByRole('button').click()
  await pane.app.getByText('New').waitFor()
})

test('styles are exchanged without loading the page', async () => {
  const { project, open } = await newApp()
  const pane = await open()
  await pane.app.getByRole('button').click()
  await world.write(project, { 'src/App.tsx': counter('One').replace('p-4', 'pl-[77px]') })
  await pane.hears('visible', ({ how }) => how === 'hot')
  const padding = await pane.app.getByRole('main').evaluate((main) => getComputedStyle(main).paddingLeft)
  expect(padding).toBe('77px')
  expect(await pane.app.getByRole('status').textContent()).toBe('1')
})

test('a module that fails as it starts loads the page again, once, and says where', async () => {
  const { project, open } = await newApp()
  const pane = await open()
  await pane.hears('connection', ({ state }) => state === 'live')
  await world.write(project, { 'src/App.tsx': `${counter('Two')}\nthrow new Error('too early')` })
  const { error } = await pane.hears(
    'error',
    ({ error }) => error.kind === 'error' && error.message.includes('too early'),
  )
  expect(error.frames[0]).toMatchObject({ file: 'src/App.tsx', line: 13, mapped: true })
  await world.write(project, { 'src/App.tsx': counter('Three') })
  await pane.app.getByRole('heading', { name: 'Three' }).waitFor()
})

test('two apps in one process do not hear of each other', async () => {
  const [one, other] = [await newApp(), await newApp()]
  const [pane, neighbour] = [await one.open(), await other.open()]
  for (const each of [pane, neighbour]) await each.hears('connection', ({ state }) => state === 'live')
  await world.write(one.project, { 'src/App.tsx': counter('Only here') })
  await pane.app.getByRole('heading', { name: 'Only here' }).waitFor()
  expect(await neighbour.app.getByRole('heading').textContent()).toBe('One')
  expect(await neighbour.heard('visible')).toHaveLength(1)
})
